import type {
  Attributes,
  AttributeValue,
  HrTime,
  Link,
  SpanContext,
  SpanKind,
  SpanStatus,
} from '@opentelemetry/api'
import type { SpanRecord } from '../otlp/ended-span.ts'
import type { AttributeList } from '../rules/attribute-list.ts'
import { durationOf } from '../rules/span-clock.ts'

/** An event of a span, as OpenTelemetry's SDK has it. */
export interface ViewedEvent {
  readonly name: string
  readonly time: HrTime
  readonly attributes: Attributes
  readonly droppedAttributesCount: number
}

/** A span with the fields of ReadableSpan of OpenTelemetry's SDK, for exporters that read objects. */
export interface SpanView<R = unknown> {
  readonly name: string
  readonly kind: SpanKind
  readonly spanContext: () => SpanContext
  readonly parentSpanContext?: SpanContext
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly status: SpanStatus
  readonly attributes: Attributes
  readonly links: Link[]
  readonly events: ViewedEvent[]
  readonly duration: HrTime
  readonly ended: boolean
  /** The process whose span it is: what `toSpanView` was given. */
  readonly resource: R
  readonly instrumentationScope: {
    readonly name: string
    readonly version?: string
    readonly schemaUrl?: string
  }
  readonly droppedAttributesCount: number
  readonly droppedEventsCount: number
  readonly droppedLinksCount: number
}

/** A span as exporters of OpenTelemetry's SDK read it. Of a span that is still open, as it is now. */
export function toSpanView<R>(span: SpanRecord, resource: R): SpanView<R> {
  const { parentSpanContext, startTime, endTime, ended, scope } = span
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(parentSpanContext !== undefined && { parentSpanContext }),
    startTime,
    endTime,
    status: span.status,
    attributes: toAttributes(span.attributeList),
    links: (span.linkList ?? []).map(({ context, attributes }) => ({
      context,
      ...(attributes.keys.length > 0 && { attributes: toAttributes(attributes) }),
      ...(attributes.dropped > 0 && { droppedAttributesCount: attributes.dropped }),
    })),
    events: (span.eventList ?? []).map(({ name, time, attributes }) => ({
      name,
      time,
      attributes: toAttributes(attributes),
      droppedAttributesCount: attributes.dropped,
    })),
    duration: ended ? durationOf(startTime, endTime) : [-1, -1],
    ended,
    resource,
    instrumentationScope: {
      name: scope.name,
      ...(scope.version && { version: scope.version }),
      ...(scope.schemaUrl && { schemaUrl: scope.schemaUrl }),
    },
    droppedAttributesCount: span.attributeList?.dropped ?? 0,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  }
}

/** Attributes as an object, every key as it was written. */
export function toAttributes(list: AttributeList | undefined): Attributes {
  if (list === undefined) return {}
  const { keys, values } = list
  return Object.fromEntries(keys.map((key, index) => [key, toPlain(values[index])]))
}

// A record keeps maps, in which no name of a key is special.
function toPlain(value: unknown): AttributeValue {
  if (Array.isArray(value)) return value.map(toPlain) as AttributeValue
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [key, toPlain(item)])
    return Object.fromEntries(entries) as AttributeValue
  }
  return value as AttributeValue
}
