import type { HttpClientRequest } from '@callchain/core'
import { type HeaderEditing, HeaderRecord } from '../call/header-editing.ts'
import { signalIn } from '../call/signal.ts'

/** What an application may pass to `fetch`. */
export type FetchInput = unknown

/** A fetch that is about to begin, with an `init` of our own to write headers on. */
export interface FetchRequest extends HttpClientRequest {
  /** In place of the application's, which is left as it is. */
  readonly init: unknown
  readonly signal: AbortSignal | undefined
}

interface Parts {
  readonly url?: unknown
  readonly method?: unknown
  readonly headers?: unknown
  readonly referrer?: unknown
  readonly referrerPolicy?: unknown
  readonly signal?: unknown
}

/** Reads the arguments of `fetch`. */
export function readFetch(input: FetchInput, init: unknown): FetchRequest {
  const request: Parts = isParts(input) && !(input instanceof URL) ? input : {}
  const url = String(request.url ?? input)
  const given: Parts = isParts(init) ? init : {}
  const { headers, editing } = copyHeaders(given.headers ?? request.headers)
  return {
    method: methodOf(given.method ?? request.method),
    url,
    signal: signalIn(given.signal === undefined ? request : given),
    init: isPlain(init) ? { ...kept(request, given), ...given, headers } : init,
    header: (name) => editing.header(name),
    setHeader: (name, value) => editing.setHeader(name, value),
    removeHeader: (name) => editing.removeHeader(name),
  }
}

// An object stays one: fetch makes Headers of its own of whatever it gets, and that is dear.
function copyHeaders(given: unknown): { headers: unknown; editing: HeaderEditing } {
  if (isPlain(given)) {
    const record = { ...(given as Record<string, unknown> | null | undefined) }
    return { headers: record, editing: new HeaderRecord(record) }
  }
  const headers = new Headers(given as HeadersInit)
  const editing: HeaderEditing = {
    header: (name) => headers.get(name) ?? undefined,
    setHeader: (name, value) => headers.set(name, value),
    removeHeader: (name) => headers.delete(name),
  }
  return { headers, editing }
}

type HeadersInit = ConstructorParameters<typeof Headers>[0]

// A Request loses these once fetch is given any option beside it (Fetch standard, "Request constructor").
function kept({ referrer, referrerPolicy }: Parts, given: Parts): Partial<Parts> {
  return referrer === undefined || Object.keys(given).length > 0 ? {} : { referrer, referrerPolicy }
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null
}

// Copying any other kind of object, a Request for one, would lose what it inherits.
function isPlain(init: unknown): boolean {
  if (!isParts(init)) return init === undefined || init === null
  const prototype: unknown = Object.getPrototypeOf(init)
  return prototype === null || prototype === Object.prototype
}

// Fetch writes these six in upper case, and leaves others as they are (Fetch standard, "normalize").
function methodOf(method: unknown): string {
  if (method === undefined || method === null) return 'GET'
  const name = String(method)
  return /^(?:delete|get|head|options|post|put)$/i.test(name) ? name.toUpperCase() : name
}
