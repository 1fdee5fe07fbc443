import type { SpanRow } from '../model/rows.ts'
import type { TraceFacts } from './trace-facts.ts'

/** One trace as it is kept. */
export interface TraceRecord {
  readonly id: string
  spans: SpanRow[]
  /** Grows with every change of any trace, so that a newer one has a larger number. */
  version: number
  /** When it last changed, in milliseconds since 1970. */
  updated: number
  bytes: number
  /** Begin of the first span, and end of the last, in microseconds since 1970. */
  start: number
  end: number
  /** Spans that came beyond the cap of one trace. */
  unkept: number
  /** Spans of it came after it had been evicted. */
  late: boolean
  /** The rows by id, made when the trace has grown. */
  index: Map<string, SpanRow> | undefined
  facts: TraceFacts | undefined
}

// In a short list, a look is cheaper than a Map to keep.
const INDEX_FROM = 24

// What a trace takes beside its spans, with what lists say of it.
const TRACE_BYTES = 448

/** Begins a trace. */
export function createTraceRecord(id: string, late: boolean): TraceRecord {
  return {
    id,
    spans: [],
    version: 0,
    updated: 0,
    bytes: TRACE_BYTES,
    start: Number.POSITIVE_INFINITY,
    end: 0,
    unkept: 0,
    late,
    index: undefined,
    facts: undefined,
  }
}

/** The span of this id. */
export function spanOf(record: TraceRecord, id: string): SpanRow | undefined {
  if (record.index !== undefined) return record.index.get(id)
  const { spans } = record
  if (spans.length < INDEX_FROM) return spans.find((span) => span.id === id)
  record.index = new Map(spans.map((span) => [span.id, span]))
  return record.index.get(id)
}

/** Adds a span that is not there yet. */
export function addSpan(record: TraceRecord, span: SpanRow): void {
  // Most traces of one span stay so, and a list that has grown has room for more.
  if (record.spans.length === 0) record.spans = [span]
  else record.spans.push(span)
  record.index?.set(span.id, span)
  record.bytes += span.bytes
  if (span.micros < record.start) record.start = span.micros
  const end = span.micros + (span.nanos + span.duration) / 1000
  if (end > record.end) record.end = end
}
