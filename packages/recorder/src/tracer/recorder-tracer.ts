import {
  type Attributes,
  context as activeContext,
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TraceState,
  trace,
} from '@opentelemetry/api'
import type { Scope, SpanRecord } from '../otlp/ended-span.ts'
import { isAnyValueOrGap } from '../rules/attribute-rules.ts'
import type { SpanLimits } from '../rules/limits.ts'
import type { RandomIds } from '../rules/random-ids.ts'
import { RecordedSpan, type SpanSettings } from '../span/recorded-span.ts'
import { parentOf } from './parent.ts'
import type { Sampler } from './samplers.ts'
import { isSuppressed } from './suppressed.ts'

/** What the tracers of one recorder share. */
export interface TracerSettings {
  readonly sampler: Sampler
  readonly limits: Required<SpanLimits>
  readonly ids: RandomIds
  readonly onStart: ((span: SpanRecord) => unknown) | undefined
  readonly onEnd: (span: SpanRecord) => void
}

const NOT_RECORD = 0
const RECORD_AND_SAMPLED = 2

/** Starts spans as OpenTelemetry's Trace API says, "Span Creation". */
export class RecorderTracer implements Tracer {
  private readonly settings: SpanSettings
  private readonly sampler: Sampler
  private readonly ids: RandomIds
  private readonly onStart: TracerSettings['onStart']

  constructor(scope: Scope, { sampler, ids, limits, onStart, onEnd }: TracerSettings) {
    this.settings = { scope, limits, onEnd }
    this.onStart = onStart
    this.sampler = sampler
    this.ids = ids
  }

  startSpan(
    name: string,
    options: SpanOptions = {},
    given: Context = activeContext.active(),
  ): Span {
    const context = options.root ? trace.deleteSpan(given) : given
    if (isSuppressed(context)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
    const parent = parentOf(context)
    const spanId = this.ids.spanId()
    const traceId = parent?.traceId ?? this.ids.traceId()
    const kind = options.kind ?? SpanKind.INTERNAL
    const attributes = this.sampler.ignoresAttributes ? options.attributes : copyOf(options)
    const links = options.links ?? []
    const asked = attributes ?? {}
    const answer = this.sampler.shouldSample(context, traceId, name, kind, asked, links)
    const traceState = answer.traceState ?? parent?.traceState
    const traceFlags = answer.decision === RECORD_AND_SAMPLED ? TraceFlags.SAMPLED : TraceFlags.NONE
    const spanContext = contextOf(traceId, spanId, traceFlags, traceState)
    if (answer.decision === NOT_RECORD) return trace.wrapSpanContext(spanContext)
    const { startTime } = options
    const span = new RecordedSpan(this.settings, name, kind, spanContext, parent, startTime)
    if (links.length > 0) span.addLinks(links)
    if (answer.attributes) span.setAttributes(merge(asked, answer.attributes))
    else if (attributes) span.setAttributes(attributes)
    this.onStart?.(span)
    return span
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, callback: F): ReturnType<F>
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    callback: F,
  ): ReturnType<F>
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    callback: F,
  ): ReturnType<F>
  startActiveSpan(name: string, ...rest: unknown[]): unknown {
    if (rest.length === 0) return undefined
    const callback = rest[Math.min(rest.length, 3) - 1] as (span: Span) => unknown
    const options = rest.length > 1 ? (rest[0] as SpanOptions | undefined) : undefined
    const given = rest.length > 2 ? (rest[1] as Context | undefined) : undefined
    const context = given ?? activeContext.active()
    const span = this.startSpan(name, options, context)
    return activeContext.with(trace.setSpan(context, span), callback, undefined, span)
  }
}

// Written out twice: a spread would cost as much as the rest of the span's start.
function contextOf(
  traceId: string,
  spanId: string,
  traceFlags: number,
  traceState: TraceState | undefined,
): SpanContext {
  return traceState === undefined
    ? { traceId, spanId, traceFlags }
    : { traceId, spanId, traceFlags, traceState }
}

/** The attributes for a sampler that may look at them, and change them: a copy, without what no span takes. */
function copyOf({ attributes }: SpanOptions): Attributes {
  if (typeof attributes !== 'object' || attributes === null) return {}
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([key, value]) => key !== '' && isAnyValueOrGap(value))
      .map(([key, value]) => [key, Array.isArray(value) ? [...value] : value]),
  ) as Attributes
}

/** Both as one, so that a key of both counts once against the limit. */
function merge(attributes: Attributes, more: Readonly<Attributes>): Attributes {
  return Object.fromEntries([...Object.entries(attributes), ...Object.entries(more)])
}
