import { firstAttribute } from '../model/attributes.ts'
import { MESSAGE_AGE } from '../model/conventions.ts'
import { type SpanRow, Unknown } from '../model/rows.ts'
import { messageStep } from './message.ts'
import { spanOf, type TraceRecord } from './trace-record.ts'

/** Where spans of other traces are found. */
export interface Traces {
  readonly traces: ReadonlyMap<string, TraceRecord>
}

/** The spans that sent what a span handles: its parent, and those it links to, as far as they are kept. */
export function sendersOf(span: SpanRow, record: TraceRecord, { traces }: Traces): SpanRow[] {
  const parent = span.parent === '' ? undefined : spanOf(record, span.parent)
  const senders = parent !== undefined && messageStep(parent) === 'send' ? [parent] : []
  for (const link of span.links) {
    const of = traces.get(link.trace)
    const sender = of && spanOf(of, link.span)
    if (sender === undefined || senders.includes(sender)) continue
    if (messageStep(sender) === 'send') senders.push(sender)
  }
  return senders
}

/**
 * How long a message waited, in nanoseconds: from the end of its send to the begin of `span`; 0 when it
 * was handled before the send had been confirmed. Undefined when one of the two says no time.
 */
export function delayBetween(sender: SpanRow, span: SpanRow): number | undefined {
  if (((sender.unknown | span.unknown) & (Unknown.begin | Unknown.place)) !== 0) return undefined
  const sent = (span.micros - sender.micros) * 1000 + span.nanos - sender.nanos
  return Math.max(0, sent - sender.duration)
}

/** How long what a span handles has waited, in nanoseconds: each message of a batch for itself. */
export function delaysOf(span: SpanRow, senders: readonly SpanRow[]): number[] {
  const delays = senders.flatMap((sender) => delayBetween(sender, span) ?? [])
  if (delays.length > 0) return delays
  // The sender is not here, but the library knew when it sent.
  const age = Number(firstAttribute(span, MESSAGE_AGE) ?? Number.NaN)
  return age >= 0 && Number.isFinite(age) ? [age * 1e6] : []
}
