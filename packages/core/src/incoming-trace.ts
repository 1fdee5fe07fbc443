import { ROOT_CONTEXT, type SpanContext, type TextMapGetter, trace } from '@opentelemetry/api'
import type { HttpServerRequest } from './http-server.ts'
import { safely } from './safely.ts'
import { parseTraceparent } from './traceparent.ts'
import { parseTracestate } from './tracestate.ts'
import type { WireFormat } from './wire-format.ts'

const HEADERS: TextMapGetter<HttpServerRequest> = {
  get: (request, name) => request.header(name.toLowerCase()),
  keys: () => [],
}

/** The caller's place in its trace; `undefined` when it sent none, or nothing that can be read. */
export function readTrace(request: HttpServerRequest, format: WireFormat): SpanContext | undefined {
  if (!format.trace) return undefined
  const { foreign } = format
  if (foreign !== undefined) {
    return safely('the propagator', () =>
      trace.getSpanContext(foreign.extract(ROOT_CONTEXT, request, HEADERS)),
    )
  }
  const traceparent = request.header('traceparent')
  const spanContext = traceparent === undefined ? undefined : parseTraceparent(traceparent)
  if (spanContext === undefined) return undefined
  const header = request.header('tracestate')
  const traceState = header === undefined ? undefined : parseTracestate(header)
  if (traceState !== undefined) spanContext.traceState = traceState
  return spanContext
}
