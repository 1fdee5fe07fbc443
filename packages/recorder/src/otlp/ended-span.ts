import type { HrTime, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api'
import type { AttributeList } from '../rules/attribute-list.ts'

/** Who makes spans: what `getTracer` was given. */
export interface Scope {
  readonly name: string
  readonly version?: string | undefined
  readonly schemaUrl?: string | undefined
}

/** Something that happened during a span. */
export interface SpanEvent {
  readonly name: string
  readonly time: HrTime
  readonly attributes: AttributeList
}

/** Another span that a span has to do with. */
export interface SpanLink {
  readonly context: SpanContext
  readonly attributes: AttributeList
}

/** A span that is over, as it is to be sent. Times are seconds and nanoseconds since 1970. */
export interface EndedSpan {
  readonly name: string
  readonly kind: SpanKind
  readonly scope: Scope
  readonly parentSpanContext: SpanContext | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly status: SpanStatus
  readonly attributeList: AttributeList | undefined
  readonly eventList: readonly SpanEvent[] | undefined
  readonly linkList: readonly SpanLink[] | undefined
  readonly droppedEventsCount: number
  readonly droppedLinksCount: number
  spanContext(): SpanContext
}

/** A span as its recorder keeps it: once it has ended, nothing changes it any more. */
export interface SpanRecord extends EndedSpan {
  readonly ended: boolean
}
