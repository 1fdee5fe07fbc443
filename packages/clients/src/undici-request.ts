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
  const url = dispatchUrl(given)
  if (Array.isArray(given.headers)) {
    const headers = [...given.headers]
    const options = { ...given, headers }
    return dispatch(
      options,
      url,
      onList(headers, (name, value) => headers.push(name, value)),
    )
  }
  const headers = toRecord(given.headers)
  return dispatch({ ...given, headers }, url, onRecord(headers))
}

// Field by field: a spread costs as much as reading all headers.
function dispatch(options: Options, url: string, editing: Editing): DispatchRequest {
  const { header, setHeader, removeHeader } = editing
  return { options, method: String(options.method), url, header, setHeader, removeHeader }
}

type Editing = Pick<HttpClientRequest, 'header' | 'setHeader' | 'removeHeader'>

/** Reads and changes headers that are a list of names and values by turns. */
export function onList(
  headers: FlatHeaders,
  add: (name: string, value: string) => unknown,
): Editing {
  const find = (name: string, from = 0): number => {
    const wanted = name.toLowerCase()
    for (let index = from; index < headers.length; index += 2) {
      const found = String(headers[index])
      if (found.length === wanted.length && found.toLowerCase() === wanted) return index
    }
    return -1
  }
  const removeHeader = (name: string): void => {
    for (let index = find(name); index !== -1; index = find(name)) headers.splice(index, 2)
  }
  return {
    header: (name) => {
      const values: string[] = []
      for (let at = find(name); at !== -1; at = find(name, at + 2))
        values.push(String(headers[at + 1]))
      return values.length === 0 ? undefined : values.join(',')
    },
    removeHeader,
    setHeader: (name, value) => {
      removeHeader(name)
      add(name, value)
    },
  }
}

function onRecord(headers: HeaderRecord): Editing {
  const keys = (name: string): string[] => {
    const wanted = name.toLowerCase()
    return Object.keys(headers).filter((key) => key.toLowerCase() === wanted)
  }
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
  return `${originOf(String(origin))}${path}`
}

let lastOrigin = { given: '', read: '' }

// Most requests go where the one before went.
function originOf(given: string): string {
  if (given !== lastOrigin.given) lastOrigin = { given, read: new URL(given).origin }
  return lastOrigin.read
}

function dispatchUrl({ origin, path, query }: Options): string {
  if (origin === undefined) return ''
  const plain = urlOf(origin, path)
  if (query === undefined || query === null) return plain
  const url = new URL(plain)
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) url.searchParams.append(name, String(each))
  }
  return url.href
}
