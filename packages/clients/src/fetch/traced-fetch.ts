import type { ClientTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
import type { AttemptDetails } from '../call/attempt-details.ts'
import { Call } from '../call/call.ts'
import { enter, isSuppressed, leave } from '../call/call-context.ts'
import { guarded } from '../call/guarded.ts'
import { isWebStream, watchBody } from '../call/response-body.ts'
import { isTraced, markTraced } from '../call/traced.ts'
import { watchUndici } from '../undici/events.ts'
import { type FetchInput, type FetchRequest, readFetch } from './fetch-request.ts'

/** A function with the shape of `fetch`. */
export type Fetch = (input: never, init?: never) => Promise<unknown>

type AnyFetch = (input: unknown, init?: unknown) => unknown

/** Makes a traced fetch of one, or of the global one at each call. */
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
    const { call, request } = begin(tracer, input, init, details(input))
    return finish(call, input, () =>
      context.with(enter(call), inner, this, input, request?.init ?? init),
    )
  }
  return markTraced(traced) as Fetch
}

function begin(
  tracer: ClientTracer,
  input: FetchInput,
  init: FetchInput,
  details: AttemptDetails | undefined,
): { call: Call; request: FetchRequest | undefined } {
  const request = guarded('fetch', () => readFetch(input, init))
  const call = new Call(tracer, request?.signal, details)
  // What is called off beforehand never comes near the wire.
  if (request !== undefined && call.signal?.aborted !== true) {
    guarded('fetch', () => call.begin(request))
  }
  return { call, request }
}

function finish(call: Call, input: FetchInput, run: () => unknown): unknown {
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

function over(call: Call, end: () => void): void {
  leave(call)
  guarded('fetch', end)
}

function received(call: Call, input: FetchInput, response: unknown): void {
  const { current: attempt } = call
  const isWithin = call.isAnsweredWithin()
  if (attempt === undefined || attempt.ended) return
  if (isWithin) {
    attempt.discard()
    return
  }
  // The signal of a Request that has been collected calls nothing off any more.
  attempt.held = input
  const { status, body } = (response ?? {}) as { status?: unknown; body?: unknown }
  if (attempt.headersAt === undefined) {
    attempt.headers(typeof status === 'number' ? status : undefined)
  }
  if (!call.seen) attempt.end()
  else if (attempt.span.observed && isWebStream(body)) attempt.bodyState = watchBody(body, attempt)
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
