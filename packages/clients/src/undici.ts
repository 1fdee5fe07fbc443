import { type ClientOptions, createClientTracer } from '@callchain/core'
import { noteThrown } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import type { Dispatcher } from 'undici'
import { enter, isSuppressed, leave } from './call/call-context.ts'
import { LogicalCall } from './call/logical-call.ts'
import { createObjectStore } from './call/object-store.ts'
import { signalIn } from './call/signal.ts'
import { nowDispatching } from './undici/dispatching.ts'
import { watchUndici } from './undici/events.ts'
import { watchHandler } from './undici/handler.ts'
import { markCall, markedCall } from './undici/marked-calls.ts'
import { readDispatch } from './undici/request.ts'

export type { ClientOptions, HostRule, SendOptions } from '@callchain/core'

/**
 * Makes an interceptor that traces what a dispatcher of undici sends:
 * `dispatcher.compose(traceUndici())`. Each attempt on the wire, redirects and retries included, gets
 * its own CLIENT span and only the headers that its host may have (semantic conventions, "HTTP client
 * span"), wherever the interceptor stands among others.
 *
 * The span ends with the body, or with the headers when the body is not read. Throws a TypeError for
 * an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceUndici } from '@callchain/clients/undici'
 * import { Agent, interceptors, request } from 'undici'
 *
 * const dispatcher = new Agent().compose(interceptors.retry(), traceUndici())
 *
 * const { body } = await request('https://stock.example/items/7', { dispatcher })
 * await body.json()
 * ```
 */
export function traceUndici(options?: ClientOptions): Dispatcher.DispatcherComposeInterceptor {
  const tracer = createClientTracer(options)
  // Interceptors that redirect and retry pass the same handler on with each attempt.
  const calls = createObjectStore<LogicalCall>()
  watchUndici()
  return (dispatch) => (given, handler) => {
    const known = calls.get(handler)
    if (known === undefined && isSuppressed()) return dispatch(given, handler)
    const call = known ?? new LogicalCall(tracer, signalIn(given))
    // What is called off beforehand never comes near the wire.
    if (call.signal?.aborted === true) return dispatch(given, handler)
    calls.set(handler, call)
    const own = begin(call, given)
    if (own === undefined) return dispatch(given, handler)
    const watched = watchHandler(call, handler, given, dispatch)
    const outer = nowDispatching({ call, origin: own.origin, path: own.path })
    try {
      return context.with(enter(call), dispatch, undefined, own, watched)
    } catch (error) {
      leave(call)
      call.fail(error)
      throw error
    } finally {
      nowDispatching(outer)
    }
  }
}

function begin(
  call: LogicalCall,
  given: Dispatcher.DispatchOptions,
): Dispatcher.DispatchOptions | undefined {
  try {
    const { request, options } = readDispatch(given)
    if (markedCall(request) !== undefined) return undefined
    call.begin(request)
    if (request.url !== '') markCall(call)
    return options
  } catch (error) {
    noteThrown('tracing undici', error)
    return undefined
  }
}
