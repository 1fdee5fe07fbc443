import type { HrTime, SpanContext, SpanStatus } from '@opentelemetry/api'
import type { EndedSpan, SpanEvent, SpanLink } from './ended-span.ts'
import { ValueEncoder } from './value-encoding.ts'
import type { WireWriter } from './wire-writer.ts'

/** Bits of `flags` besides those of the trace: whether the parent is remote is known, and it is. */
const HAS_IS_REMOTE = 0x100
const IS_REMOTE = 0x200
/** Most bytes of an event or a link: as many as a length of four bytes can tell. */
const MAX_PART_BYTES = 0xfffffff
const NANOS_PER_SECOND = 1e9
const TWO_16 = 2 ** 16
const TWO_32 = 2 ** 32

/** Writes spans as OTLP's Span (opentelemetry-proto 1.11, trace.proto). */
export class SpanEncoder {
  readonly values: ValueEncoder
  private readonly writer: WireWriter

  constructor(writer: WireWriter) {
    this.writer = writer
    this.values = new ValueEncoder(writer)
  }

  /** The fields of a span, without a tag and a length. Counts of zero and an unset status are left out: they are the defaults. */
  span(span: EndedSpan): void {
    const { writer } = this
    const context = span.spanContext()
    const parent = span.parentSpanContext
    this.ids(context)
    if (parent?.spanId) this.id(0x22, parent.spanId)
    this.text(0x2a, span.name)
    writer.tag(0x30)
    writer.varint((span.kind ?? -1) + 1)
    this.time(0x39, span.startTime)
    this.time(0x41, span.endTime)
    const { attributeList, eventList, linkList } = span
    if (attributeList !== undefined) {
      this.values.attributes(attributeList, 0x4a)
      this.count(0x50, attributeList.dropped)
    }
    if (eventList !== undefined) for (const event of eventList) this.event(event)
    this.count(0x60, span.droppedEventsCount)
    if (linkList !== undefined) for (const link of linkList) this.link(link)
    this.count(0x70, span.droppedLinksCount)
    this.status(span.status)
    writer.tag(0x85)
    writer.tag(0x01)
    writer.fixed32(flagsOf(context, parent))
  }

  private event(event: SpanEvent): void {
    const { writer } = this
    writer.tag(0x5a)
    const start = writer.open(MAX_PART_BYTES)
    this.time(0x09, event.time)
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
    writer.tag(0x35)
    writer.fixed32(flagsOf(context, context))
    writer.close(start, MAX_PART_BYTES)
  }

  private status({ code, message }: SpanStatus): void {
    if (code === 0) return
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
    this.id(0x0a, traceId)
    this.id(0x12, spanId)
    const state = traceState?.serialize()
    if (state) this.text(0x1a, state)
  }

  private id(tag: number, digits: string): void {
    this.writer.tag(tag)
    this.writer.hexadecimal(digits)
  }

  private text(tag: number, text: unknown): void {
    this.writer.tag(tag)
    // JavaScript may name a span by what is not a text.
    this.writer.text(typeof text === 'string' ? text : String(text))
  }

  private count(tag: number, count: number): void {
    if (count === 0) return
    this.writer.tag(tag)
    this.writer.varint(count)
  }

  // The product would have more than 53 bits, so the upper and lower 16 bits of the seconds go apart.
  private time(tag: number, [seconds, nanos]: HrTime): void {
    const upper = ((seconds / TWO_16) >>> 0) * NANOS_PER_SECOND
    const lower = (seconds & 0xffff) * NANOS_PER_SECOND
    const low = (lower >>> 0) + (((upper & 0xffff) * TWO_16) >>> 0) + nanos
    const high = Math.floor(lower / TWO_32) + ((upper / TWO_16) >>> 0) + Math.floor(low / TWO_32)
    this.writer.tag(tag)
    this.writer.fixed32(low >>> 0)
    this.writer.fixed32(high >>> 0)
  }
}

function flagsOf(context: SpanContext, parent: SpanContext | undefined): number {
  return (context.traceFlags & 0xff) | HAS_IS_REMOTE | (parent?.isRemote ? IS_REMOTE : 0)
}
