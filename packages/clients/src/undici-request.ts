import type { HttpClientRequest } from '@callchain/core'
import type { Dispatcher } from 'undici'

type Options = Dispatcher.DispatchOptions

/** Names and values by turns. */
export type FlatHeaders = unknown[]
type HeaderRecord = Record<string, string | string[] | undefined>

/**
 * An attempt that is about to be dispatched, with options of our own to write headers on. Its URL is
 * empty when it goes to a client or a pool, which know their origin by themselves.
 */
export interface DispatchRequest extends HttpClientRequest {
  /** In place of the application's, which are left as they are. */
  readonly options: Options
}

/** Reads the options of a dispatch, whose headers undici takes in several forms. */
export function readDispatch(given: Options): DispatchRequest {
  const method = String(given.method)
  const url = dispatchUrl(given)
  if (Array.isArray(given.headers)) {
    const headers = [...given.headers]
    const options = { ...given, headers }
    return { options, method, url, ...onList(headers, (name, value) => headers.push(name, value)) }
  }
  const headers = toRecord(given.headers)
  return { options: { ...given, headers }, method, url, ...onRecord(headers) }
}

type Editing = Pick<HttpClientRequest, 'header' | 'setHeader' | 'removeHeader'>

/** Reads and changes headers that are a list of names and values by turns. */
export function onList(
  headers: FlatHeaders,
  add: (name: string, value: string) => unknown,
): Editing {
  const find = (name: string): number => {
    for (let index = 0; index < headers.length; index += 2) {
      if (String(headers[index]).toLowerCase() === name.toLowerCase()) return index
    }
    return -1
  }
  const removeHeader = (name: string): void => {
    for (let index = find(name); index !== -1; index = find(name)) headers.splice(index, 2)
  }
  return {
    header: (name) => {
      const index = find(name)
      return index === -1 ? undefined : String(headers[index + 1])
    },
    removeHeader,
    setHeader: (name, value) => {
      removeHeader(name)
      add(name, value)
    },
  }
}

function onRecord(headers: HeaderRecord): Editing {
  const keys = (name: string): string[] =>
    Object.keys(headers).filter((key) => key.toLowerCase() === name.toLowerCase())
  const removeHeader = (name: string): void => {
    for (const key of keys(name)) delete headers[key]
  }
  return {
    header: (name) => {
      const values = keys(name).flatMap((key) => headers[key] ?? [])
      return values.length === 0 ? undefined : values.join(',')
    },
    removeHeader,
    setHeader: (name, value) => {
      removeHeader(name)
      headers[name] = value
    },
  }
}

function toRecord(headers: unknown): HeaderRecord {
  if (typeof headers !== 'object' || headers === null) return {}
  if (!(Symbol.iterator in headers)) return { ...(headers as HeaderRecord) }
  const record: HeaderRecord = Object.create(null)
  for (const [name, value] of headers as Iterable<[string, string | string[]]>) {
    const before = record[name]
    record[name] = before === undefined ? value : [before, value].flat()
  }
  return record
}

/** The URL of a request of undici's: a path may begin with two slashes, which make no host of it. */
export function urlOf(origin: unknown, path: string): string {
  // A proxy is asked for the whole URL.
  if (!path.startsWith('/')) return path
  return `${new URL(String(origin)).origin}${path}`
}

function dispatchUrl({ origin, path, query }: Options): string {
  if (origin === undefined) return ''
  const url = new URL(urlOf(origin, path))
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of [value].flat()) url.searchParams.append(name, String(each))
  }
  return url.href
}
