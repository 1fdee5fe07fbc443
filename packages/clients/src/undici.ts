import { type ClientOptions, createClientTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
import type { Dispatcher } from 'undici'
import { createBeside } from './call/beside.ts'
import { Call } from './call/call.ts'
import { enter, isSuppressed, leave } from './call/call-context.ts'
import { guarded } from './call/guarded.ts'
import { signalIn } from './call/signal.ts'
import { completeCall, markCall, markedCall, watchUndici } from './undici/events.ts'
import { watchHandler } from './undici/handler.ts'
import { readDispatch } from './undici/request.ts'

/**
 * Makes an interceptor that traces what a dispatcher of undici sends:
 * `dispatcher.compose(traceUndici())`. Each attempt on the wire, redirects and retries included, gets
 * its own CLIENT span and only the headers that its host may have (semantic conventions, "HTTP client
 * span"), wherever the interceptor stands among others.
 *
 * The span ends with the body, or with the headers when the body is not read. Throws a TypeError for
 * an option that is not allowed.
 */
export function traceUndici(options?: ClientOptions): Dispatcher.DispatcherComposeInterceptor {
  const tracer = createClientTracer(options)
  // Interceptors that redirect and retry hand the same handler on with each attempt.
  const calls = createBeside<Call>()
  watchUndici()
  return (dispatch) => (given, handler) => {
    const known = calls.get(handler)
    if (known === undefined && isSuppressed()) return dispatch(given, handler)
    const call = known ?? new Call(tracer, signalIn(given))
    // What is called off beforehand never comes near the wire.
    if (call.signal?.aborted === true) return dispatch(given, handler)
    calls.set(handler, call)
    const own = guarded('undici', () => begin(call, given))
    if (own === undefined) return dispatch(given, handler)
    try {
      return context.with(enter(call), dispatch, undefined, own, watchHandler(call, handler, given))
    } catch (error) {
      leave(call)
      call.fail(error)
      throw error
    }
  }
}

function begin(
  call: Call,
  given: Dispatcher.DispatchOptions,
): Dispatcher.DispatchOptions | undefined {
  const request = readDispatch(given)
  if (markedCall(request) !== undefined) return undefined
  call.begin(request)
  if (request.url === '') completeCall(call, request, () => markCall(call))
  else markCall(call)
  return request.options
}
