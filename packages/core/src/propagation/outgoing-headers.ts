import {
  type Context,
  propagation,
  type SpanContext,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api'
import { type Scope, scopeOf } from '../context/scope.ts'
import type { HttpClientRequest } from '../http/client-exchange.ts'
import { isValidContext } from '../otel/valid-span-context.ts'
import { formatBaggage } from '../w3c/baggage.ts'
import { FLAG_RANDOM, formatTraceparent } from '../w3c/traceparent.ts'
import { formatTracestate } from '../w3c/tracestate.ts'
import { identityMembers } from './baggage-identity.ts'
import { isSameForCalls, keepBaggage, keptBaggage } from './kept-baggage.ts'
import { addUndeclared } from './undeclared-baggage.ts'

/** The headers of what goes out: a request, or a call. */
export type OutgoingHeaders = Pick<HttpClientRequest, 'header' | 'setHeader' | 'removeHeader'>

const FOREIGN: TextMapSetter<OutgoingHeaders> = {
  set: (request, name, value) => {
    // Baggage is ours alone: what another propagator would write knows nothing of destinations.
    if (name.toLowerCase() !== 'baggage') request.setHeader(name, value)
  },
}

/**
 * Writes the trace of a context on a request, in place of what the application has set. A context
 * without a trace leaves the application's own headers alone, but not those of a caller that is not
 * believed, which the application has only passed on. Another propagator sees the context's baggage
 * for a host that may have it alone: Jaeger's writes it into headers of its own.
 */
export function writeTrace(
  request: OutgoingHeaders,
  within: Context,
  propagator: TextMapPropagator | undefined,
  trusted: boolean,
): void {
  const spanContext = trace.getSpanContext(within)
  if (spanContext === undefined || !isValidContext(spanContext)) {
    if (isRefusedTrace(request, scopeOf(within), propagator)) removeTrace(request, propagator)
    return
  }
  if (propagator !== undefined) {
    removeTrace(request, propagator)
    propagator.inject(trusted ? within : propagation.deleteBaggage(within), request, FOREIGN)
    return
  }
  request.setHeader('traceparent', traceparentOf(spanContext, scopeOf(within)))
  const tracestate = tracestateOf(spanContext)
  if (tracestate !== undefined) request.setHeader('tracestate', tracestate)
  else request.removeHeader('tracestate')
}

function isRefusedTrace(
  request: OutgoingHeaders,
  scope: Scope | undefined,
  propagator: TextMapPropagator | undefined,
): boolean {
  const traceId = scope?.refusedTraceId
  if (traceId === undefined) return false
  const names = ['traceparent', ...(propagator?.fields() ?? [])]
  return names.some((name) => request.header(name.toLowerCase())?.includes(traceId) === true)
}

/** Takes the trace off a request, in W3C's format and in that of another propagator. */
export function removeTrace(
  request: OutgoingHeaders,
  propagator: TextMapPropagator | undefined,
): void {
  request.removeHeader('traceparent')
  request.removeHeader('tracestate')
  for (const name of propagator?.fields() ?? []) {
    // Baggage has its own rule, and the application's members are yet to be read.
    if (name.toLowerCase() !== 'baggage') request.removeHeader(name)
  }
}

/**
 * The `traceparent` of a span. The random flag is kept where a trace is continued and set where one
 * was started (Trace Context Level 2, "Random Trace ID Flag"): the SDK's tracer knows only `sampled`.
 */
export function traceparentOf(spanContext: SpanContext, scope: Scope | undefined): string {
  const { traceId, spanId, traceFlags } = spanContext
  const continued = scope?.continuedTraceId === traceId || spanContext.isRemote === true
  const random = continued
    ? (scope?.continuedTraceId === traceId && scope.continuedRandom) ||
      (traceFlags & FLAG_RANDOM) !== 0
    : true
  return formatTraceparent(traceId, spanId, traceFlags | (random ? FLAG_RANDOM : 0))
}

/** The `tracestate` of a span; `undefined` instead of an empty one. */
export function tracestateOf({ traceState }: SpanContext): string | undefined {
  return traceState === undefined ? undefined : formatTracestate(traceState)
}

/**
 * Writes identity and baggage for a host, in place of the application's own header, whose members
 * are kept for a host that may have baggage: declared fields first, so that nothing can push them
 * out, then the application's, then what the caller sent.
 */
export function writeBaggage(
  request: OutgoingHeaders,
  within: Context,
  host: string,
  trusted: boolean,
): void {
  const scope = scopeOf(within)
  const own = request.header('baggage')
  const recurs = trusted && scope !== undefined && isSameForCalls(own, within, scope)
  const kept = recurs ? keptBaggage(scope) : undefined
  if (kept !== undefined) {
    setBaggage(request, kept.header)
    return
  }
  const members = scope === undefined ? [] : identityMembers(scope, host, trusted)
  if (trusted) addUndeclared(members, own, within, scope)
  const header = formatBaggage(members)
  if (recurs) keepBaggage(scope, header)
  setBaggage(request, header)
}

function setBaggage(request: OutgoingHeaders, header: string | undefined): void {
  if (header !== undefined) request.setHeader('baggage', header)
  else request.removeHeader('baggage')
}
