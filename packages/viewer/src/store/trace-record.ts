import type { AttributeValue } from '../model/attributes.ts'
import type { SpanRow } from '../model/rows.ts'
import { isServerHalf } from '../model/shared-id.ts'
import type { Moment } from '../model/time.ts'
import { belowHalf, createSharedSpans, placeShared, type SharedSpans } from './shared-spans.ts'
import type { TraceFacts } from './trace-facts.ts'

/** The different values of a key in a version of a trace; undefined when they are many. */
export interface DistinctValues {
  readonly version: number
  /** The keys that were asked for, as JSON. */
  readonly keys: string
  readonly values: readonly AttributeValue[] | undefined
}

/** One trace as it is kept. */
export interface TraceRecord {
  readonly id: string
  spans: SpanRow[]
  /** Grows with every change of any trace, so that a newer one has a larger number. */
  version: number
  /** When it last changed, in milliseconds since 1970. */
  updated: number
  bytes: number
  /** Begin of the first span: whole microseconds since 1970, and 0 to 999 nanoseconds. */
  start: number
  startNanos: number
  /** End of the last span, in microseconds since 1970; not exact. */
  end: number
  /** From the begin of the first span to the end of the last, in nanoseconds. */
  duration: number
  /** Spans that came beyond the cap of one trace. */
  unkept: number
  /** Spans of it came after it had been evicted. */
  late: boolean
  /** The rows by id, made when the trace has grown. */
  index: Map<string, SpanRow> | undefined
  /** Made when a client and a server share the id of a span. */
  shared: SharedSpans | undefined
  facts: TraceFacts | undefined
  /** What a query has found out about one key. */
  distinct: DistinctValues | undefined
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
    startNanos: 0,
    end: 0,
    duration: 0,
    unkept: 0,
    late,
    index: undefined,
    shared: undefined,
    facts: undefined,
    distinct: undefined,
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
export function addSpan(record: TraceRecord, given: SpanRow): void {
  const span = record.shared === undefined && !isServerHalf(given) ? given : placed(record, given)
  // Most traces of one span stay so, and a list that has grown has room for more.
  if (record.spans.length === 0) record.spans = [span]
  else record.spans.push(span)
  record.index?.set(span.id, span)
  record.bytes += span.bytes
  extend(record, span)
}

function placed(record: TraceRecord, given: SpanRow): SpanRow {
  const { spans } = record
  record.shared ??= createSharedSpans(spans)
  const { span, below } = placeShared(record.shared, given, spans.length)
  for (const place of below) {
    const child = spans[place]
    if (child === undefined) continue
    const moved = belowHalf(child, span)
    spans[place] = moved
    record.index?.set(moved.id, moved)
  }
  return span
}

/** Takes away the spans that came last, one after the other, as long as it is asked to; the first are the least lost. */
export function dropLast(
  record: TraceRecord,
  dropsMore: () => boolean,
  dropped: (span: SpanRow) => void,
): void {
  const kept = [...record.spans]
  while (dropsMore()) {
    const span = kept.pop()
    if (span === undefined) break
    record.unkept += 1
    dropped(span)
  }
  const { unkept, version, updated } = record
  Object.assign(record, createTraceRecord(record.id, record.late), { unkept, version, updated })
  for (const span of kept) addSpan(record, span)
}

function extend(record: TraceRecord, span: SpanRow): void {
  if (record.start === Number.POSITIVE_INFINITY) begin(record, span)
  let from = nanosAfterStart(record, span)
  if (from < 0) {
    record.duration -= from
    begin(record, span)
    from = 0
  }
  record.duration = Math.max(record.duration, from + span.duration)
  record.end = record.start + (record.startNanos + record.duration) / 1000
}

function begin(record: TraceRecord, { micros, nanos }: Moment): void {
  record.start = micros
  record.startNanos = nanos
}

/** Nanoseconds from the begin of a trace to a moment. */
export function nanosAfterStart({ start, startNanos }: TraceRecord, moment: Moment): number {
  return (moment.micros - start) * 1000 + moment.nanos - startNanos
}
