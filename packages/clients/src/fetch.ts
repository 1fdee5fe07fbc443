import { type ClientOptions, type ClientTracer, createClientTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { Call } from './call.ts'
import { enter, isSuppressed, leave } from './call-context.ts'
import { type FetchInput, type FetchRequest, readFetch } from './fetch-request.ts'
import { guarded } from './guarded.ts'
import { isWebStream, watchBody } from './response-body.ts'
import { isTraced, markTraced } from './traced.ts'
import { watchUndici } from './undici-events.ts'

/** A function with the shape of `fetch`. */
export type Fetch = (input: never, init?: never) => Promise<unknown>

type AnyFetch = (input: unknown, init?: unknown) => unknown

/**
 * Traces a `fetch`: the global one by default, looked up at each call, or undici's, or one of your own.
 * Returns a function of the same type. Each attempt on the wire, redirects included, gets its own
 * CLIENT span and only the headers that its host may have (semantic conventions, "HTTP client span").
 *
 * The span ends with the body, or with the headers when the body is not read. Throws a TypeError for
 * an option that is not allowed.
 */
export function traceFetch(fetch?: undefined, options?: ClientOptions): typeof globalThis.fetch
export function traceFetch<F extends Fetch>(fetch: F, options?: ClientOptions): F
export function traceFetch(fetch?: Fetch, options?: ClientOptions): Fetch {
  if (fetch !== undefined && isTraced(fetch)) return fetch
  const tracer = createClientTracer(options)
  watchUndici()
  const given = fetch as AnyFetch | undefined
  const traced = function fetch(this: unknown, input: FetchInput, init?: FetchInput): unknown {
    const inner = given ?? (globalThis.fetch as AnyFetch)
    if (isTraced(inner) || isSuppressed()) return inner.call(this, input, init)
    const { call, request } = begin(tracer, input, init)
    return finish(call, () => context.with(enter(call), inner, this, input, request?.init ?? init))
  }
  return markTraced(traced) as Fetch
}

function begin(
  tracer: ClientTracer,
  input: FetchInput,
  init: FetchInput,
): { call: Call; request: FetchRequest | undefined } {
  const request = guarded('fetch', () => readFetch(input, init))
  const call = new Call(tracer, request?.signal)
  // What is called off beforehand never comes near the wire.
  if (request !== undefined && call.signal?.aborted !== true) {
    guarded('fetch', () => call.begin(request))
  }
  return { call, request }
}

function finish(call: Call, run: () => unknown): unknown {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    over(call, () => call.fail(error))
    throw error
  }
  if (!isPromise(result)) {
    over(call, () => received(call, result))
    return result
  }
  return result.then(
    (response: unknown) => {
      over(call, () => received(call, response))
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

function received(call: Call, response: unknown): void {
  const { current: attempt } = call
  if (attempt === undefined || attempt.ended) return
  const { status, body } = (response ?? {}) as { status?: unknown; body?: unknown }
  if (attempt.headersAt === undefined) {
    attempt.headers(typeof status === 'number' ? status : undefined)
  }
  if (!call.seen) attempt.end()
  else if (isWebStream(body)) attempt.bodyState = watchBody(body, attempt)
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
