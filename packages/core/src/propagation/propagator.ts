import {
  type BaggageEntry,
  baggageEntryMetadataFromString,
  type Context,
  propagation,
  SpanKind,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api'
import { createScope, scopeOf } from '../context/scope.ts'
import { checkOptions, type OptionRules } from '../otel/check-options.ts'
import { guard } from '../otel/guard.ts'
import { oneOf } from '../otel/option-rules.ts'
import { OFFER_KEY } from '../otel/shared-keys.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import {
  type BaggageMember,
  decodeBaggageValue,
  encodeBaggageValue,
  formatBaggage,
  parseBaggage,
} from '../w3c/baggage.ts'
import { parseTraceparent } from '../w3c/traceparent.ts'
import { parseTracestate } from '../w3c/tracestate.ts'
import { isDeclaredKey, messageMembers, receiveIdentity } from './baggage-identity.ts'
import { traceparentOf, tracestateOf, writeBaggage } from './outgoing-headers.ts'

/** Options of `createPropagator`. */
export interface PropagatorOptions {
  /**
   * Whether identity and baggage are written where the destination is not known, which is
   * everywhere a propagator is called by hand or by another instrumentation. `'messages'`: into a
   * message alone, which is what a PRODUCER span that is sampled sends; `startTracing()` of
   * @callchain/sdk takes it out again for the CONSUMER span. `'never'`. `'always'`, when every such
   * carrier stays inside. The wrappers of @callchain/clients and @callchain/messaging decide by host
   * and by message, and are not affected. Default: `'messages'`.
   */
  baggage?: 'messages' | 'never' | 'always'
}

const RULES: OptionRules<PropagatorOptions> = { baggage: oneOf(['messages', 'never', 'always']) }

/**
 * Makes the propagator of W3C Trace Context Level 2 and W3C Baggage, for OpenTelemetry's API: so
 * other instrumentations and calls by hand agree with ours. Extracted baggage is there for
 * OpenTelemetry's baggage API; it becomes identity only through `tracing()`, which knows whether the
 * caller is trusted. Neither way throws, whatever carrier, getter and setter do; a value that is a
 * Buffer, as Kafka's clients hand headers out, is read as UTF-8, and one that is not text is left out.
 * Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * propagation.setGlobalPropagator(createPropagator())
 * // or, where all messages stay inside:
 * propagation.setGlobalPropagator(createPropagator({ baggage: 'always' }))
 * ```
 */
export function createPropagator(options: PropagatorOptions = {}): TextMapPropagator {
  checkOptions('createPropagator()', options, RULES)
  const { baggage = 'messages' } = options
  return {
    fields: () => ['traceparent', 'tracestate', 'baggage'],
    inject: (within, carrier, setter) => {
      if (isTracingSuppressed(within)) return
      guard('inject', () => injectTrace(within, carrier, setter))
      if (baggage === 'always') guard('inject', () => injectBaggage(within, carrier, setter))
      else if (baggage === 'messages' && isProducing(within)) {
        guard('inject', () => injectIdentity(within, carrier, setter))
      }
    },
    extract: (within, carrier, getter) => {
      const extracted = extractBaggage(extractTrace(within, carrier, getter), carrier, getter)
      return baggage === 'never' || extracted === within ? extracted : offer(extracted)
    },
  }
}

// A span of the SDK has a kind; the API's interface does not show it.
function isProducing(within: Context): boolean {
  const span = trace.getSpan(within) as { kind?: SpanKind } | undefined
  return span?.kind === SpanKind.PRODUCER
}

// What is written into a message without anybody's knowing its queue is the declared fields alone.
function injectIdentity<C>(within: Context, carrier: C, setter: TextMapSetter<C>): void {
  const scope = scopeOf(within)
  const header = scope && formatBaggage(messageMembers(scope, ''))
  if (header !== undefined) setter.set(carrier, 'baggage', header)
}

// It may be a stranger's request as well: it counts when a CONSUMER span begins with it.
function offer(extracted: Context): Context {
  const entries = propagation.getBaggage(extracted)?.getAllEntries() ?? []
  const texts = entries
    .filter(([key]) => isDeclaredKey(key))
    .map(([key, { value }]) => `${key}=${encodeBaggageValue(value)}`)
  if (texts.length === 0) return extracted
  const header = (name: string) => (name === 'baggage' ? texts.join() : undefined)
  const format = { foreign: undefined, trace: false, baggage: true }
  const scope = createScope(receiveIdentity({ header }, 'internal', format).identity)
  return extracted.setValue(OFFER_KEY, { scope, isAdopted: false })
}

function injectTrace<C>(within: Context, carrier: C, setter: TextMapSetter<C>): void {
  const spanContext = trace.getSpanContext(within)
  if (spanContext === undefined || !trace.isSpanContextValid(spanContext)) return
  setter.set(carrier, 'traceparent', traceparentOf(spanContext, scopeOf(within)))
  const tracestate = tracestateOf(spanContext)
  if (tracestate !== undefined) setter.set(carrier, 'tracestate', tracestate)
}

function injectBaggage<C>(within: Context, carrier: C, setter: TextMapSetter<C>): void {
  const request = {
    method: '',
    url: '',
    header: () => undefined,
    setHeader: (name: string, value: string) => setter.set(carrier, name, value),
    removeHeader: () => {},
  }
  writeBaggage(request, within, '', true)
}

function extractTrace<C>(within: Context, carrier: C, getter: TextMapGetter<C>): Context {
  const lines = linesOf(carrier, getter, 'traceparent')
  // Two traceparent lines are as good as none (W3C test harness, test_traceparent_duplicated).
  const spanContext = lines.length === 1 ? parseTraceparent(lines[0] ?? '') : undefined
  if (spanContext === undefined) return within
  const traceState = parseTracestate(linesOf(carrier, getter, 'tracestate').join())
  const remote = traceState === undefined ? spanContext : { ...spanContext, traceState }
  return trace.setSpanContext(within, remote)
}

function extractBaggage<C>(within: Context, carrier: C, getter: TextMapGetter<C>): Context {
  const { members } = parseBaggage(linesOf(carrier, getter, 'baggage').join())
  if (members.length === 0) return within
  const entries = members.map((member) => [member.key, entryOf(member)])
  return propagation.setBaggage(within, propagation.createBaggage(Object.fromEntries(entries)))
}

function entryOf({ text, encodedValue }: BaggageMember): BaggageEntry {
  const value = decodeBaggageValue(encodedValue)
  const properties = text.indexOf(';')
  if (properties === -1) return { value }
  return { value, metadata: baggageEntryMetadataFromString(text.slice(properties + 1).trim()) }
}

// A carrier is whatever a library hands over: its types promise more than it keeps.
function linesOf<C>(carrier: C, getter: TextMapGetter<C>, name: string): string[] {
  const value: unknown = guard('extract', () => getter.get(carrier, name))
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value]
  return lines.flatMap((line) => textOf(line) ?? [])
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : undefined
}
