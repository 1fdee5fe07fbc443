import { guard, parseUrl } from '@callchain/core/internal'
import { AxiosHeaders, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { EditedRequest } from '../call/edited-request.ts'
import { HeaderObject, HeaderRecord } from '../call/header-editing.ts'
import type { LogicalCall } from '../call/logical-call.ts'
import { nodeUrl } from '../node/request.ts'

// What axios itself puts before a path then.
const ON_A_SOCKET = 'http://localhost'

type Config = InternalAxiosRequestConfig

// The options of the request that follow-redirects is about to make.
interface NextRequest {
  readonly protocol?: unknown
  readonly hostname?: unknown
  readonly host?: unknown
  readonly port?: unknown
  readonly path?: unknown
  readonly method?: unknown
  headers?: unknown
}

/** The URL of a call. For a socket of the file system, axios itself makes a URL of a path. */
export function axiosUrl(instance: AxiosInstance, config: Config): string {
  const url = instance.getUri(config)
  const { socketPath } = config
  if (typeof socketPath !== 'string' || parseUrl(url) !== undefined) return url
  return parseUrl(url, ON_A_SOCKET)?.href ?? url
}

/**
 * Begins the first attempt of a call, and makes the configuration that it goes out with: a copy, since
 * the application's headers must not change.
 */
export function beginAxios(call: LogicalCall, config: Config, url: string): Config {
  const headers = new AxiosHeaders(config.headers)
  const method = (config.method ?? 'get').toUpperCase()
  call.begin(new EditedRequest(method, url, new HeaderObject(headers)))
  const copy: Config = Object.assign(Object.create(Object.getPrototypeOf(config)), config)
  copy.headers = headers
  copy.beforeRedirect = (next, details, previous) => {
    call.attempt?.headers((details as { statusCode?: number } | undefined)?.statusCode)
    // It may change where the request goes and its headers, or throw to stop here.
    config.beforeRedirect?.(next, details, previous)
    guard('tracing a redirect', () => call.begin(nextRequest(next)))
  }
  return copy
}

function nextRequest(next: NextRequest): EditedRequest {
  const headers = { ...(next.headers as Record<string, unknown> | undefined) }
  next.headers = headers
  return new EditedRequest(String(next.method ?? 'GET'), nextUrl(next), new HeaderRecord(headers))
}

// Its `href` says where the redirect leads, but a hook that changes the target sets what Node uses.
function nextUrl({ protocol, hostname, host, port, path }: NextRequest): string {
  return nodeUrl({
    protocol: String(protocol),
    host: String(hostname || host || 'localhost'),
    port: port || undefined,
    path: String(path),
  })
}
