import {
  type Attributes,
  type AttributeValue,
  diag,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from '@opentelemetry/api'
import type { Scope, SpanEvent, SpanLink, SpanRecord } from '../otlp/ended-span.ts'
import { AttributeList } from '../rules/attribute-list.ts'
import { isAnyValue, isAnyValueOrGap, isSimpleValue } from '../rules/attribute-rules.ts'
import type { SpanLimits } from '../rules/limits.ts'
import { isBefore, isTimeInput, SpanClock } from '../rules/span-clock.ts'
import { describeException } from './describe-exception.ts'
import { toAttributes } from './span-view.ts'

/** What every span of a tracer has in common. */
export interface SpanSettings {
  readonly scope: Scope
  readonly limits: Required<SpanLimits>
  /** Told of each span when it ends. */
  readonly onEnd: (span: SpanRecord) => void
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET }

/** The API's Span, and the record of it: nothing is made of it until it is encoded. */
export class RecordedSpan implements Span, SpanRecord {
  name: string
  readonly kind: SpanKind
  readonly parentSpanContext: SpanContext | undefined
  readonly startTime: HrTime
  endTime: HrTime = [0, 0]
  ended = false
  status: SpanStatus = UNSET
  attributeList: AttributeList | undefined = undefined
  eventList: SpanEvent[] | undefined = undefined
  linkList: SpanLink[] | undefined = undefined
  droppedEventsCount = 0
  droppedLinksCount = 0
  private readonly settings: SpanSettings
  private readonly context: SpanContext
  private readonly clock: SpanClock

  constructor(
    settings: SpanSettings,
    name: string,
    kind: SpanKind,
    context: SpanContext,
    parent: SpanContext | undefined,
    startTime: TimeInput | undefined,
  ) {
    this.settings = settings
    this.name = name
    this.kind = kind
    this.context = context
    this.parentSpanContext = parent
    this.clock = new SpanClock(startTime)
    this.startTime = this.clock.start
  }

  get scope(): Scope {
    return this.settings.scope
  }

  /** The attributes as an object, made when it is read. */
  get attributes(): Attributes {
    return toAttributes(this.attributeList)
  }

  spanContext(): SpanContext {
    return this.context
  }

  isRecording(): boolean {
    return !this.ended
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (value === undefined || this.isOver()) return this
    const { attributeCountLimit, attributeValueLengthLimit } = this.settings.limits
    this.attributeList ??= new AttributeList()
    this.attributeList.set(key, value, isAnyValue, attributeCountLimit, attributeValueLengthLimit)
    return this
  }

  setAttributes(attributes: Attributes): this {
    if (attributes === undefined || attributes === null || this.isOver()) return this
    const { attributeCountLimit, attributeValueLengthLimit } = this.settings.limits
    this.attributeList ??= new AttributeList()
    const list = this.attributeList
    if (list.takeOver(attributes, attributeCountLimit, attributeValueLengthLimit)) return this
    for (const key of Object.keys(attributes)) {
      const value = attributes[key]
      if (value !== undefined)
        list.set(key, value, isAnyValue, attributeCountLimit, attributeValueLengthLimit)
    }
    return this
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.isOver()) return this
    const isTime = isTimeInput(attributesOrTime)
    const { eventCountLimit, attributePerEventCountLimit, attributeValueLengthLimit } =
      this.settings.limits
    this.eventList ??= []
    this.droppedEventsCount += makeRoom(this.eventList, eventCountLimit)
    if (eventCountLimit === 0) return this
    const attributes = new AttributeList()
    if (!isTime) {
      const most = attributePerEventCountLimit
      attributes.setAll(attributesOrTime, isSimpleValue, most, attributeValueLengthLimit)
    }
    const given = isTime && !isTimeInput(time) ? attributesOrTime : time
    this.eventList.push({ name, time: this.clock.read(given), attributes })
    return this
  }

  addLink(link: Link): this {
    if (this.isOver()) return this
    const { linkCountLimit, attributePerLinkCountLimit, attributeValueLengthLimit } =
      this.settings.limits
    this.linkList ??= []
    this.droppedLinksCount += makeRoom(this.linkList, linkCountLimit)
    if (linkCountLimit === 0) return this
    const attributes = new AttributeList()
    const most = attributePerLinkCountLimit
    attributes.setAll(link.attributes, isAnyValueOrGap, most, attributeValueLengthLimit)
    this.linkList.push({ context: link.context, attributes })
    return this
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link)
    return this
  }

  setStatus(status: SpanStatus): this {
    if (this.isOver() || status.code === SpanStatusCode.UNSET) return this
    if (this.status.code === SpanStatusCode.OK) return this
    // What was caught may have anything for a message.
    const { code, message } = status
    const hasMessage = code === SpanStatusCode.ERROR && typeof message === 'string'
    this.status = hasMessage ? { code, message } : { code }
    return this
  }

  updateName(name: string): this {
    if (!this.isOver()) this.name = name
    return this
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes = describeException(exception)
    if (attributes === undefined) diag.warn('An exception without a type and a message is not kept')
    else this.addEvent('exception', attributes, time)
  }

  end(endTime?: TimeInput): void {
    if (this.isOver()) return
    const end = this.clock.read(endTime)
    // A span cannot end before it starts.
    this.endTime = isBefore(end, this.startTime) ? this.startTime : end
    this.ended = true
    this.settings.onEnd(this)
  }

  private isOver(): boolean {
    if (this.ended) diag.warn(`A span that has ended was used: ${this.context.spanId}`)
    return this.ended
  }
}

/** Leaves out the oldest if there are as many as may be; gives how many are left out, the new one included. */
function makeRoom(list: unknown[], limit: number): number {
  if (limit !== 0 && list.length < limit) return 0
  list.shift()
  return 1
}
