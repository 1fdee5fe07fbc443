import type { Attributes, HrTime, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api'
import type { Scope, SpanEvent, SpanLink, SpanRecord } from '../otlp/ended-span.ts'
import { AttributeList } from '../rules/attribute-list.ts'
import { isAnyValue } from '../rules/attribute-rules.ts'

/** A span that has ended, with another context and with more attributes; the span itself stays as it is. */
export function changedSpan(
  span: SpanRecord,
  context: SpanContext,
  attributes?: Attributes,
): SpanRecord {
  return new ChangedSpan(span, context, attributes)
}

/** The value of an attribute, if the span has it. */
export function attributeOf({ attributeList }: SpanRecord, key: string): unknown {
  if (attributeList === undefined) return undefined
  const place = attributeList.keys.indexOf(key)
  return place < 0 ? undefined : attributeList.values[place]
}

class ChangedSpan implements SpanRecord {
  readonly name: string
  readonly kind: SpanKind
  readonly scope: Scope
  readonly parentSpanContext: SpanContext | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly ended: boolean
  readonly status: SpanStatus
  readonly attributeList: AttributeList | undefined
  readonly eventList: readonly SpanEvent[] | undefined
  readonly linkList: readonly SpanLink[] | undefined
  readonly droppedEventsCount: number
  readonly droppedLinksCount: number
  private readonly context: SpanContext

  constructor(span: SpanRecord, context: SpanContext, attributes: Attributes | undefined) {
    this.name = span.name
    this.kind = span.kind
    this.scope = span.scope
    this.parentSpanContext = span.parentSpanContext
    this.startTime = span.startTime
    this.endTime = span.endTime
    this.ended = span.ended
    this.status = span.status
    this.attributeList = withMore(span.attributeList, attributes)
    this.eventList = span.eventList
    this.linkList = span.linkList
    this.droppedEventsCount = span.droppedEventsCount
    this.droppedLinksCount = span.droppedLinksCount
    this.context = context
  }

  spanContext(): SpanContext {
    return this.context
  }
}

function withMore(
  list: AttributeList | undefined,
  attributes: Attributes | undefined,
): AttributeList | undefined {
  if (attributes === undefined) return list
  const all = new AttributeList()
  all.keys = [...(list?.keys ?? [])]
  all.values = [...(list?.values ?? [])]
  all.dropped = list?.dropped ?? 0
  const { POSITIVE_INFINITY } = Number
  all.setAll(attributes, isAnyValue, POSITIVE_INFINITY, POSITIVE_INFINITY)
  return all
}
