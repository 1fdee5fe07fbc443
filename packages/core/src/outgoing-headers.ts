import {
  type Baggage,
  type Context,
  propagation,
  type SpanContext,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api'
import { encodeBaggageValue, formatBaggage, isBaggageKey, parseBaggage } from './baggage.ts'
import type { HttpClientRequest } from './http-client.ts'
import { identityMembers, isDeclaredKey } from './identity-wire.ts'
import { receivedBaggage, type Scope, scopeOf } from './scope.ts'
import { FLAG_RANDOM, FLAG_SAMPLED, formatTraceparent } from './traceparent.ts'
import { formatTracestate } from './tracestate.ts'

const FOREIGN: TextMapSetter<HttpClientRequest> = {
  set: (request, name, value) => {
    // Baggage is ours alone: what another propagator would write knows nothing of destinations.
    if (name.toLowerCase() !== 'baggage') request.setHeader(name, value)
  },
}

/**
 * Writes the trace of a context on a request, in place of what the application has set. A context
 * without a trace leaves the application's own headers alone.
 */
export function writeTrace(
  request: HttpClientRequest,
  within: Context,
  propagator: TextMapPropagator | undefined,
): void {
  const spanContext = trace.getSpanContext(within)
  if (spanContext === undefined || !trace.isSpanContextValid(spanContext)) return
  if (propagator !== undefined) {
    removeTrace(request, propagator)
    propagator.inject(within, request, FOREIGN)
    return
  }
  request.setHeader('traceparent', traceparentOf(spanContext, scopeOf(within)))
  const tracestate = tracestateOf(spanContext)
  if (tracestate !== undefined) request.setHeader('tracestate', tracestate)
  else request.removeHeader('tracestate')
}

/** Takes the trace off a request, in W3C's format and in that of another propagator. */
export function removeTrace(
  request: HttpClientRequest,
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
  return formatTraceparent(
    traceId,
    spanId,
    (traceFlags & FLAG_SAMPLED) | (random ? FLAG_RANDOM : 0),
  )
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
  request: HttpClientRequest,
  within: Context,
  host: string,
  trusted: boolean,
): void {
  const scope = scopeOf(within)
  const members = scope === undefined ? [] : identityMembers(scope, host, trusted)
  const set = request.header('baggage')
  if (trusted) {
    if (set !== undefined) addUndeclared(members, parseBaggage(set).members)
    addCarried(members, within, scope)
  }
  const header = formatBaggage(members)
  if (header !== undefined) request.setHeader('baggage', header)
  else request.removeHeader('baggage')
}

function addUndeclared(members: string[], from: readonly { key: string; text: string }[]): void {
  for (const { key, text } of from) if (!isDeclaredKey(key)) members.push(text)
}

// Baggage that the application has set through OpenTelemetry's API stands in place of what came in.
function addCarried(members: string[], within: Context, scope: Scope | undefined): void {
  const baggage = propagation.getBaggage(within)
  if (scope !== undefined && baggage === receivedBaggage(scope)) {
    addUndeclared(members, scope.received)
  } else if (baggage !== undefined) {
    addUndeclared(members, entriesOf(baggage, scope))
  }
}

// What came in and was not changed goes on byte for byte, with all members of its key.
function entriesOf(baggage: Baggage, scope: Scope | undefined): { key: string; text: string }[] {
  const received = scope === undefined ? undefined : receivedBaggage(scope)
  return baggage
    .getAllEntries()
    .filter(([key]) => isBaggageKey(key))
    .flatMap(([key, { value, metadata }]) => {
      if (scope !== undefined && received?.getEntry(key)?.value === value) {
        return scope.received.filter((member) => member.key === key)
      }
      const properties = metadata === undefined ? '' : `;${metadata.toString()}`
      return [{ key, text: `${key}=${encodeBaggageValue(value)}${properties}` }]
    })
}
