import type { HttpClientRequest } from '@callchain/core'
import { AxiosHeaders, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import type { Call } from '../call/call.ts'
import { guarded } from '../call/guarded.ts'
import { nodeUrl } from '../node/request.ts'

// What axios itself completes a path with.
const ON_A_SOCKET = 'http://localhost'

type Config = InternalAxiosRequestConfig
type Headers = InstanceType<typeof AxiosHeaders>

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

/** The URL of a call. Over a socket of the file system, axios completes a path by itself. */
export function axiosUrl(instance: AxiosInstance, config: Config): string {
  const url = instance.getUri(config)
  const { socketPath } = config
  if (typeof socketPath !== 'string' || URL.canParse(url)) return url
  return URL.canParse(url, ON_A_SOCKET) ? new URL(url, ON_A_SOCKET).href : url
}

/**
 * Begins the first attempt of a call, and makes the configuration it goes out with: a copy, since the
 * headers of the application's own must not change.
 */
export function beginAxios(call: Call, config: Config, url: string): Config {
  const headers = new AxiosHeaders(config.headers)
  const method = (config.method ?? 'get').toUpperCase()
  call.begin(axiosRequest(method, url, headers))
  const copy: Config = Object.assign(Object.create(Object.getPrototypeOf(config)), config)
  copy.headers = headers
  copy.beforeRedirect = (next, details, previous) => {
    call.current?.headers((details as { statusCode?: number } | undefined)?.statusCode)
    // It may change where the request goes and its headers, or throw to stop here.
    config.beforeRedirect?.(next, details, previous)
    guarded('redirect', () => call.begin(nextRequest(next)))
  }
  return copy
}

function nextRequest(next: NextRequest): HttpClientRequest {
  const headers = new AxiosHeaders(next.headers as Headers)
  const write = (): void => {
    next.headers = headers.toJSON()
  }
  const request = axiosRequest(String(next.method ?? 'GET'), nextUrl(next), headers)
  return {
    ...request,
    setHeader: (name, value) => {
      request.setHeader(name, value)
      write()
    },
    removeHeader: (name) => {
      request.removeHeader(name)
      write()
    },
  }
}

// Its `href` says where the redirect leads; a hook that changes that sets what Node goes by.
function nextUrl({ protocol, hostname, host, port, path }: NextRequest): string {
  return nodeUrl({
    protocol: String(protocol),
    host: String(hostname || host || 'localhost'),
    port: port || undefined,
    path: String(path),
  })
}

function axiosRequest(method: string, url: string, headers: Headers): HttpClientRequest {
  return {
    method,
    url,
    header: (name) => {
      const value = headers.get(name)
      return value === undefined || value === null ? undefined : String(value)
    },
    setHeader: (name, value) => void headers.set(name, value),
    removeHeader: (name) => void headers.delete(name),
  }
}
