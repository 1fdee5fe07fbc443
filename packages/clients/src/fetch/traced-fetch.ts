import type { ClientTracer } from '@callchain/core'
import { guard } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import type { AttemptDetails } from '../call/attempt-details.ts'
import { enter, isSuppressed, leave } from '../call/call-context.ts'
import { LogicalCall } from '../call/logical-call.ts'
import { isWebStream, watchBody } from '../call/response-body.ts'
import { isTraced, markTraced } from '../call/traced.ts'
import { watchUndici } from '../undici/events.ts'
import { type FetchInput, readFetch } from './fetch-request.ts'

/** A function with the shape of `fetch`. */
export type Fetch = (input: never, init?: never) => Promise<unknown>

type AnyFetch = (input: unknown, init?: unknown) => unknown

/** Makes a traced fetch of the given one, or of the global one, which is looked up at each call. */
export function tracedFetch(
  tracer: ClientTracer,
  given: Fetch | undefined,
  details: (input: unknown) => AttemptDetails | undefined = () => undefined,
): Fetch {
  if (given !== undefined && isTraced(given)) return given
  watchUndici()
  const traced = function fetch(this: unknown, input: FetchInput, init?: FetchInput): unknown {
    const inner = (given ?? globalThis.fetch) as AnyFetch
    if (isTraced(inner) || isSuppressed()) return inner.call(this, input, init)
    const { call, tracedInit } = begin(tracer, input, init, details(input))
    return finish(call, input, () =>
      context.with(enter(call), inner, this, input, tracedInit ?? init),
    )
  }
  return markTraced(traced) as Fetch
}

function begin(
  tracer: ClientTracer,
  input: FetchInput,
  init: FetchInput,
  details: AttemptDetails | undefined,
): { call: LogicalCall; tracedInit: unknown } {
  const read = guard('tracing fetch', () => readFetch(input, init))
  const call = new LogicalCall(tracer, read?.signal, details)
  // What is called off beforehand never comes near the wire.
  if (read !== undefined && call.signal?.aborted !== true) {
    guard('tracing fetch', () => call.begin(read.request))
  }
  return { call, tracedInit: read?.init }
}

function finish(call: LogicalCall, input: FetchInput, run: () => unknown): unknown {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    over(call, () => call.fail(error))
    throw error
  }
  if (!isPromise(result)) {
    over(call, () => received(call, input, result))
    return result
  }
  return result.then(
    (response: unknown) => {
      over(call, () => received(call, input, response))
      return response
    },
    (error: unknown) => {
      over(call, () => call.fail(error))
      throw error
    },
  )
}

function over(call: LogicalCall, end: () => void): void {
  leave(call)
  guard('tracing fetch', end)
}

function received(call: LogicalCall, input: FetchInput, response: unknown): void {
  const { attempt } = call
  const isFromCache = call.isAnsweredFromCache()
  if (attempt === undefined || attempt.isOver) return
  if (isFromCache) {
    attempt.discard()
    return
  }
  // Once a Request has been collected, its signal no longer calls anything off.
  attempt.held = input
  const { status, body } = (response ?? {}) as { status?: unknown; body?: unknown }
  if (!attempt.isAnswered) {
    attempt.headers(typeof status === 'number' ? status : undefined)
  }
  if (!attempt.isSeen) attempt.end()
  else if (attempt.clientCall.isObserved && isWebStream(body)) {
    attempt.bodyState = watchBody(body, attempt)
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
