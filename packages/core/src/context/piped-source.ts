import { context } from '@opentelemetry/api'
import { foreignTo } from './in-request.ts'
import type { TracedRequest } from './traced-requests.ts'

interface Source {
  read(size?: number): unknown
  /** Node's own: whatever the source is piped into. */
  readonly _readableState?: { readonly pipes?: unknown }
}

const bound = new WeakMap<Source, Source['read']>()

/**
 * Reads the source of a response in the context of its request. The body may be piped by code that
 * runs outside of it, and a generator runs where it is read: Koa sends a body once every middleware
 * is over. A source that several responses are read from belongs to none of them.
 */
export function readSourceIn(traced: TracedRequest, source: unknown): void {
  if (!isSource(source)) return
  if (isShared(source)) releaseSource(source)
  else if (!Object.hasOwn(source, 'read') && foreignTo(traced) !== undefined) bind(traced, source)
}

/** Gives a source its own method back, once the response is not read from it any more. */
export function releaseSource(source: unknown): void {
  if (isSource(source) && bound.get(source) === source.read) Reflect.deleteProperty(source, 'read')
}

function bind(traced: TracedRequest, source: Source): void {
  const { read } = source
  function readInRequest(this: unknown, size?: number): unknown {
    const home = foreignTo(traced)
    return home === undefined ? read.call(this, size) : context.with(home, read, this, size)
  }
  bound.set(source, readInRequest)
  Object.defineProperty(source, 'read', {
    value: readInRequest,
    configurable: true,
    writable: true,
  })
}

function isSource(value: unknown): value is Source {
  if (typeof value !== 'object' || value === null) return false
  return typeof (value as Partial<Source>).read === 'function'
}

function isShared({ _readableState: state }: Source): boolean {
  return Array.isArray(state?.pipes) && state.pipes.length > 1
}
