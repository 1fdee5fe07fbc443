import {
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api'
import type { HttpServerRequest } from './http-server.ts'
import { parseTraceparent } from './traceparent.ts'
import { parseTracestate } from './tracestate.ts'

const W3C_HEADERS = new Set(['traceparent', 'tracestate', 'baggage'])

const HEADERS: TextMapGetter<HttpServerRequest> = {
  get: (request, name) => request.header(name.toLowerCase()),
  keys: () => [],
}

/** The caller's place in its trace; `undefined` when it sent none, or nothing that can be read. */
export function readTrace(
  request: HttpServerRequest,
  propagator: TextMapPropagator | undefined,
): SpanContext | undefined {
  if (propagator !== undefined) {
    const extracted = propagator.extract(ROOT_CONTEXT, request, HEADERS)
    return trace.getSpanContext(extracted)
  }
  const traceparent = request.header('traceparent')
  const spanContext = traceparent === undefined ? undefined : parseTraceparent(traceparent)
  if (spanContext === undefined) return undefined
  const header = request.header('tracestate')
  const traceState = header === undefined ? undefined : parseTracestate(header)
  if (traceState !== undefined) spanContext.traceState = traceState
  return spanContext
}

/**
 * The global propagator where it speaks another format than W3C's (B3, Jaeger, X-Ray); `undefined`
 * where our own codecs do, which follow Level 2 to the letter and cost less.
 */
export function globalPropagator(): TextMapPropagator | undefined {
  const foreign = propagation.fields().some((field) => !W3C_HEADERS.has(field.toLowerCase()))
  return foreign ? propagation : undefined
}
