import type { Attempt } from '../call/attempt.ts'
import type { LogicalCall } from '../call/logical-call.ts'

/** What is asked of a request that undici has made. */
interface MadeRequest {
  readonly origin: unknown
  readonly path: unknown
  readonly headers: readonly unknown[]
}

/** A call on its way to undici. */
interface Dispatching {
  readonly call: LogicalCall
  readonly origin: unknown
  readonly path: unknown
}

let dispatching: Dispatching | undefined

/** Says what is dispatched from now on; gives what was dispatched before. */
export function nowDispatching(next: Dispatching | undefined): Dispatching | undefined {
  const before = dispatching
  dispatching = next
  return before
}

/**
 * The attempt that a request is, if it is the very one that is being dispatched: it goes where that
 * goes, with the headers that were decided.
 */
export function dispatchedAttempt(request: MadeRequest): Attempt | undefined {
  if (dispatching === undefined) return undefined
  const { call, origin, path } = dispatching
  const { begun } = call
  if (begun?.isTraced !== true || request.origin !== origin || request.path !== path) {
    return undefined
  }
  // The id of its span tells it from others.
  if (typeof begun.written.traceparent !== 'string') return undefined
  return begun.written.isIn(request.headers) ? begun : undefined
}
