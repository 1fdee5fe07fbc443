import {
  createMessageTracer,
  createPropagator,
  type MessageOptions,
  type MessageTracer,
} from '@callchain/core'
import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { createLateContext, type LateContext } from '../wrapping/late-context.ts'
import { sentIn } from '../wrapping/record-headers.ts'
import { deliveryOfCarrier, deliveryOfLinks } from './telemetry-delivery.ts'
import { meterProvider } from './telemetry-meter.ts'
import { spanFor } from './telemetry-span.ts'
import type { PgBossTelemetry } from './telemetry-types.ts'

/**
 * Makes what the option `openTelemetry` of pg-boss takes, 12.38 and later: the spans, the trace and the
 * identity of `tracePgBoss`, kept in a column of their own in place of the job's data. Throws a TypeError
 * for an option that is not allowed.
 *
 * @example
 * ```ts
 * const boss = new PgBoss({ connectionString, openTelemetry: pgBossTelemetry() })
 * ```
 */
export function pgBossTelemetry(options: MessageOptions = {}): PgBossTelemetry {
  const tracer = createMessageTracer(options)
  const sent = new WeakMap<Span, Readonly<Record<string, unknown>>>()
  const carriers = new WeakMap<Context, Readonly<Record<string, unknown>>>()
  const reader = createPropagator()
  const spans: Pick<Tracer, 'startSpan'> = {
    startSpan: (_name, about = {}, parent = ROOT_CONTEXT) => {
      if (about.kind === SpanKind.PRODUCER) return startSending(tracer, about, sent)
      if (about.kind === SpanKind.CONSUMER) return startProcessing(tracer, about, parent, carriers)
      return silentSpan()
    },
  }
  return {
    propagateContext: true,
    propagator: {
      inject: (from, carrier, setter) => {
        const span = trace.getSpan(from)
        for (const [name, value] of Object.entries((span && sent.get(span)) ?? {})) {
          setter.set(carrier, name, String(value))
        }
      },
      extract: (from, carrier, getter) => {
        const late = createLateContext()
        late.become(linkable(reader.extract(from, carrier, getter)))
        carriers.set(late, { ...(carrier as object) })
        return late
      },
      fields: () => reader.fields(),
    },
    tracerProvider: { getTracer: () => spans as Tracer },
    meterProvider,
  }
}

// pg-boss reads the place in its trace out of it for links, and nothing else.
function linkable(extracted: Context): Context {
  const remote = trace.getSpanContext(extracted)
  return remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote)
}

function startSending(
  tracer: MessageTracer,
  about: SpanOptions,
  sent: WeakMap<Span, Readonly<Record<string, unknown>>>,
): Span {
  const operation = attributeOf(about, 'operation.name') ?? 'send'
  // Each of the jobs that it makes has a span.
  if (operation === 'publish' || !tracer.isActive()) return silentSpan()
  const headers: Record<string, unknown> = {}
  const count = Number(about.attributes?.['messaging.batch.message_count'] ?? 1)
  const message = sentIn(headers)
  const call = tracer.send({
    system: 'pg-boss',
    operation,
    destination: attributeOf(about, 'destination.name'),
    messages: Array.from({ length: count }, () => message),
    batch: count > 1,
  })
  const span = spanFor(call.span, (outcome) => call.confirm(outcome))
  sent.set(span, headers)
  return span
}

function startProcessing(
  tracer: MessageTracer,
  about: SpanOptions,
  parent: Context,
  carriers: WeakMap<Context, Readonly<Record<string, unknown>>>,
): Span {
  const count = about.attributes?.['messaging.batch.message_count']
  const delivery =
    typeof count === 'number'
      ? deliveryOfLinks(about, count)
      : deliveryOfCarrier(about, carriers.get(parent) ?? {})
  const call = tracer.receive(delivery)
  if (carriers.has(parent)) (parent as LateContext).become(call.context)
  return spanFor(call.span, (outcome) => call.settle(outcome))
}

// In place of a span for what is not about messages, the one that is active, which nobody ends.
function silentSpan(): Span {
  return trace.wrapSpanContext(trace.getSpanContext(context.active()) ?? INVALID_SPAN_CONTEXT)
}

function attributeOf({ attributes }: SpanOptions, name: string): string | undefined {
  const value = attributes?.[`messaging.${name}`]
  return typeof value === 'string' ? value : undefined
}
