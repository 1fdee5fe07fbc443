import type { SpanContext, SpanStatus } from '@opentelemetry/api'
import type { EndedSpan, SpanEvent, SpanLink } from './ended-span.ts'
import { FixedFields } from './fixed-fields.ts'
import { ValueEncoder } from './value-encoding.ts'
import type { WireWriter } from './wire-writer.ts'

/** Most bytes of an event or a link: as many as a length of four bytes can tell. */
const MAX_PART_BYTES = 0xfffffff

/** Writes spans as OTLP's Span (opentelemetry-proto 1.11, trace.proto). */
export class SpanEncoder {
  readonly values: ValueEncoder
  private readonly writer: WireWriter
  private readonly fixed: FixedFields

  constructor(writer: WireWriter) {
    this.writer = writer
    this.values = new ValueEncoder(writer)
    this.fixed = new FixedFields(writer)
  }

  /** The fields of a span, without a tag and a length. Counts of zero and an unset status are left out: they are the defaults. */
  span(span: EndedSpan): void {
    const { fixed, writer } = this
    const { attributeList, eventList, linkList, parentSpanContext: parent } = span
    const context = span.spanContext()
    const kind = span.kind ?? -1
    this.ids(context)
    if (parent?.spanId) fixed.id(0x22, parent.spanId)
    // JavaScript may name a span by what is not a text.
    this.values.name(typeof span.name === 'string' ? span.name : String(span.name))
    writer.tag(0x30)
    writer.varint(kind + 1)
    fixed.time(0x39, span.startTime)
    fixed.time(0x41, span.endTime)
    if (attributeList !== undefined) {
      this.values.ofSpan(attributeList, kind)
      this.count(0x50, attributeList.dropped)
    }
    if (eventList !== undefined) for (const event of eventList) this.event(event)
    this.count(0x60, span.droppedEventsCount)
    if (linkList !== undefined) for (const link of linkList) this.link(link)
    this.count(0x70, span.droppedLinksCount)
    if (span.status.code !== 0) this.status(span.status)
    fixed.flags(0x85, context, parent)
  }

  private event(event: SpanEvent): void {
    const { writer } = this
    writer.tag(0x5a)
    const start = writer.open(MAX_PART_BYTES)
    this.fixed.time(0x09, event.time)
    this.text(0x12, event.name)
    this.values.attributes(event.attributes, 0x1a)
    this.count(0x20, event.attributes.dropped)
    writer.close(start, MAX_PART_BYTES)
  }

  private link({ context, attributes }: SpanLink): void {
    const { writer } = this
    writer.tag(0x6a)
    const start = writer.open(MAX_PART_BYTES)
    this.ids(context)
    this.values.attributes(attributes, 0x22)
    this.count(0x28, attributes.dropped)
    this.fixed.flags(0x35, context, context)
    writer.close(start, MAX_PART_BYTES)
  }

  private status({ code, message }: SpanStatus): void {
    const { writer } = this
    const most = 3 * (message?.length ?? 0) + 16
    writer.tag(0x7a)
    const start = writer.open(most)
    if (message) this.text(0x12, message)
    writer.tag(0x18)
    writer.varint(code)
    writer.close(start, most)
  }

  /** Trace id, span id and trace state have the same numbers in a span and in a link. */
  private ids({ traceId, spanId, traceState }: SpanContext): void {
    this.fixed.traceId(traceId)
    this.fixed.id(0x12, spanId)
    if (!traceState) return
    const state = traceState.serialize()
    if (state) this.text(0x1a, state)
  }

  private text(tag: number, text: unknown): void {
    this.writer.tag(tag)
    this.writer.text(typeof text === 'string' ? text : String(text))
  }

  private count(tag: number, count: number): void {
    if (count === 0) return
    this.writer.tag(tag)
    this.writer.varint(count)
  }
}
