import type { Http2Stream } from 'node:http2'
import { diag } from '@opentelemetry/api'
import { bindEmitter } from '../context/emitter-binding.ts'
import { tracedRequest } from '../context/traced-requests.ts'
import type { FrameworkRequest, NodeRequest, NodeResponse } from '../http/framework-request.ts'
import { guard } from '../otel/guard.ts'
import type { ServerCall } from '../server/call.ts'
import type { ServerTracer } from '../server/tracer.ts'
import { NodeExchange } from './exchange.ts'
import { asksForEvents, watchFirstByte } from './first-byte.ts'
import { hasLeftHttp, watchEnd } from './response-end.ts'
import { addTiming } from './server-timing.ts'
import { tellCaller } from './tell-caller.ts'

/**
 * Traces a request of Node's own, for every framework that stands on it: opens the span, runs the
 * listeners of the request and the response in its context, and ends it when the response is closed,
 * sent or not. `undefined` when the request is traced already, is a WebSocket by now, or tracing is
 * suppressed.
 *
 * @example
 * ```ts
 * const tracer = createServerTracer()
 * createServer((req, res) => {
 *   const call = traceNodeRequest(tracer, req, res, { route: () => router.match(req)?.template })
 *   runIn(call, () => router.handle(req, res))
 * })
 * ```
 */
export function traceNodeRequest(
  tracer: ServerTracer,
  req: NodeRequest,
  res: NodeResponse,
  framework: FrameworkRequest,
): ServerCall | undefined {
  try {
    if (hasLeftHttp(req, res)) return undefined
    const exchange = openExchange(tracer, req, framework)
    if (exchange?.call === undefined) return undefined
    bindEmitter(req, exchange.call.context, undefined, false, exchange)
    return followResponse(exchange, res)
  } catch (error) {
    diag.error('callchain: a request could not be traced', error)
    return undefined
  }
}

/** A request whose span is open, and whose response is not at hand yet. */
export interface OpenedRequest {
  readonly call: ServerCall | undefined
}

/**
 * The first half of `traceNodeRequest`, for a framework that says something about a request before
 * it hands out the response: opens the span. `followResponse` must come after it. `undefined` when
 * the request is traced already, or tracing is suppressed.
 */
export function openNodeRequest(
  tracer: ServerTracer,
  req: NodeRequest,
  framework: FrameworkRequest,
): OpenedRequest | undefined {
  const exchange = openExchange(tracer, req, framework)
  if (exchange?.call !== undefined) {
    bindEmitter(req, exchange.call.context, exchange.untilResponse, false, exchange)
  }
  return exchange
}

function openExchange(
  tracer: ServerTracer,
  req: NodeRequest,
  framework: FrameworkRequest,
): NodeExchange | undefined {
  if (tracedRequest(req) !== undefined) return undefined
  const exchange = new NodeExchange(req, framework)
  exchange.call = receive(tracer, exchange)
  return exchange.call === undefined ? undefined : exchange
}

// Not by `guard`, which takes a closure for each request.
function receive(tracer: ServerTracer, exchange: NodeExchange): ServerCall | undefined {
  try {
    return tracer.receive(exchange)
  } catch (error) {
    diag.error('callchain: tracing threw', error)
    return undefined
  }
}

/** The second half: `undefined` when the response is followed already. */
export function followResponse(opened: OpenedRequest, res: NodeResponse): ServerCall | undefined {
  const exchange = opened as NodeExchange
  const { call } = exchange
  if (call === undefined || exchange.res !== undefined) return undefined
  exchange.res = res
  if (call.traceResponse !== undefined) addTiming(res, call.traceResponse)
  const { keeper } = call
  if (keeper !== undefined) {
    guard('telling the caller', () => tellCaller(keeper, res, call.span.spanContext()))
  }
  bindEmitter(res, call.context, exchange)
  if (asksForEvents(exchange.header('accept'))) watchFirstByte(res, call.span)
  // The client had left before we were asked: no `close` will follow.
  if (isClosed(res)) exchange.brokeOff()
  else watchEnd(exchange, res)
  return call
}

function isClosed(res: NodeResponse): boolean {
  const { closed = (res as { stream?: Http2Stream }).stream?.closed } = res as { closed?: boolean }
  return closed ?? false
}
