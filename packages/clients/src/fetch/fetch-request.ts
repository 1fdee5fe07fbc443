import { EditedRequest } from '../call/edited-request.ts'
import { type HeaderEditing, HeaderObject, HeaderRecord } from '../call/header-editing.ts'
import { signalIn } from '../call/signal.ts'

/** What an application may pass to `fetch`. */
export type FetchInput = unknown

/** A fetch that is about to begin. */
export interface FetchRequest {
  readonly request: EditedRequest
  /** Takes the headers that are written: a copy of the application's `init`. */
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
  const base: Parts = isParts(input) && !(input instanceof URL) ? input : {}
  const url = String(base.url ?? input)
  const given: Parts = isParts(init) ? init : {}
  const { headers, editing } = copyHeaders(given.headers ?? base.headers)
  return {
    request: new EditedRequest(methodOf(given.method ?? base.method), url, editing),
    signal: signalIn(given.signal === undefined ? base : given),
    init: isPlain(init) ? { ...referrerOf(base, given), ...given, headers } : init,
  }
}

// A plain object stays one: fetch makes its own Headers of whatever it gets, which is expensive.
function copyHeaders(given: unknown): { headers: unknown; editing: HeaderEditing } {
  if (isPlain(given)) {
    const record = { ...(given as Record<string, unknown> | null | undefined) }
    return { headers: record, editing: new HeaderRecord(record) }
  }
  const headers = new Headers(given as HeadersInit)
  return { headers, editing: new HeaderObject(headers) }
}

type HeadersInit = ConstructorParameters<typeof Headers>[0]

// A Request loses these once fetch is given any option as well (Fetch standard, "Request constructor").
function referrerOf({ referrer, referrerPolicy }: Parts, given: Parts): Partial<Parts> {
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
