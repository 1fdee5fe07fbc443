import {
  type Baggage,
  type BaggageEntry,
  type Context,
  propagation,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api'
import { baseOf } from '../context/request-context.ts'
import { receivedBaggage, type Scope } from '../context/scope.ts'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import { guard } from '../otel/guard.ts'
import { parseTraceparent } from '../w3c/traceparent.ts'
import { parseTracestate } from '../w3c/tracestate.ts'
import { isDeclaredKey } from './baggage-identity.ts'

/** What a trace is read off: a request, or a message. */
export type Carrier = Pick<HttpServerRequest, 'header' | 'headerNames'>

/** The caller's place in its trace, in W3C's format; `undefined` when there is nothing that can be read. */
export function readTrace(request: Carrier): SpanContext | undefined {
  const traceparent = request.header('traceparent')
  const spanContext = traceparent === undefined ? undefined : parseTraceparent(traceparent)
  if (spanContext === undefined) return undefined
  const header = request.header('tracestate')
  const traceState = header === undefined ? undefined : parseTracestate(header)
  if (traceState !== undefined) spanContext.traceState = traceState
  return spanContext
}

/**
 * All that another propagator makes of a request: the caller's span, and whatever else it keeps in
 * the context for the way out. `undefined` when it throws.
 */
export function extractForeign(
  propagator: TextMapPropagator,
  request: Carrier,
  active: Context,
): Context | undefined {
  const bare = propagation.deleteBaggage(trace.deleteSpan(baseOf(active)))
  return guard('the propagator', () => propagator.extract(bare, request, headersFor(propagator)))
}

function headersFor(propagator: TextMapPropagator): TextMapGetter<Carrier> {
  return {
    get: (request, name) => request.header(name.toLowerCase()),
    keys: (request) => {
      const names = request.headerNames?.()
      if (names !== undefined) return [...names]
      const fields = propagator.fields().map((field) => field.toLowerCase())
      return fields.filter((field) => request.header(field) !== undefined)
    },
  }
}

/**
 * What came in for OpenTelemetry's baggage API, with the baggage that another propagator has read
 * from headers of its own; `undefined` where there is no such. No field of identity is taken from it.
 */
export function foreignBaggage(extracted: Context, scope: Scope): Baggage | undefined {
  const received = receivedBaggage(scope)
  const isNew = ([key]: [string, BaggageEntry]): boolean =>
    !isDeclaredKey(key) && received?.getEntry(key) === undefined
  const added = propagation.getBaggage(extracted)?.getAllEntries().filter(isNew) ?? []
  if (added.length === 0) return undefined
  return propagation.createBaggage(
    Object.fromEntries([...(received?.getAllEntries() ?? []), ...added]),
  )
}
