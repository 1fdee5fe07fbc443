import { isIP } from 'node:net'
import { parseUrl } from '@callchain/core/internal'
import type { Dispatcher } from 'undici'
import { EditedRequest } from '../call/edited-request.ts'
import { type FlatHeaders, HeaderList, HeaderRecord } from '../call/header-editing.ts'

type Options = Dispatcher.DispatchOptions

/** A request that is about to be dispatched. */
export interface DispatchRequest {
  /** Its URL is empty when it goes to a client or a pool, which know their origin by themselves. */
  readonly request: EditedRequest
  /** Takes the headers that are written: a copy of the application's options. */
  readonly options: Options
}

/** Reads the options of a dispatch, whose headers undici takes in several forms. */
export function readDispatch(given: Options): DispatchRequest {
  const isList = Array.isArray(given.headers)
  const headers = isList ? [...(given.headers as FlatHeaders)] : toRecord(given.headers)
  const options = { ...given, headers } as Options
  const editing = isList
    ? new HeaderList(headers as FlatHeaders)
    : new HeaderRecord(headers as Record<string, unknown>)
  const url = dispatchUrl(given, originFor(given, editing.header('host')))
  const request = new EditedRequest(String(given.method), url, editing)
  return { request, options }
}

function toRecord(headers: unknown): Record<string, unknown> {
  if (typeof headers !== 'object' || headers === null) return {}
  if (!(Symbol.iterator in headers)) return { ...headers }
  const record: Record<string, unknown> = Object.create(null)
  for (const [name, value] of headers as Iterable<[string, string | string[]]>) {
    const before = record[name]
    record[name] = before === undefined ? value : [before, value].flat()
  }
  return record
}

/** The URL of an undici request. A path may begin with two slashes, which do not begin a host here. */
export function urlOf(origin: unknown, path: string): string {
  // A request to a proxy has the whole URL.
  if (!path.startsWith('/')) return path
  return `${originOf(String(origin))}${path}`
}

let lastOrigin = { given: '', read: '' }

// Most requests go where the one before went.
function originOf(given: string): string {
  if (given !== lastOrigin.given) lastOrigin = { given, read: new URL(given).origin }
  return lastOrigin.read
}

// Interceptors that look a name up put its address into the origin, and leave it in two other places.
function originFor(given: Options, host: string | undefined): Options['origin'] {
  const { origin, servername } = given as Options & { servername?: unknown }
  if (typeof servername !== 'string' || host === undefined) return origin
  const url = parseUrl(String(origin))
  if (url === undefined) return origin
  const isNamed = host === servername || host.startsWith(`${servername}:`)
  if (isNamed && isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) url.hostname = servername
  return url
}

function dispatchUrl({ path, query }: Options, origin: Options['origin']): string {
  if (origin === undefined) return ''
  const plain = urlOf(origin, path)
  if (query === undefined || query === null) return plain
  const url = new URL(plain)
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) url.searchParams.append(name, String(each))
  }
  return url.href
}
