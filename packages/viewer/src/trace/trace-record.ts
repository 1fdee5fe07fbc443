import type { ServiceCount } from '../contract/trace-list.ts'
import type { AttributeValue } from '../model/attribute-value.ts'
import { type SpanRow, Unknown } from '../model/rows.ts'
import type { Moment } from '../model/time.ts'
import { createHalves, type Halves } from './halves.ts'
import { placeUntimed } from './place-untimed.ts'

/** What a list says of a trace; worked out when it is asked for, and again when the trace has changed. */
export interface TraceFacts {
  /** There is one, unless the trace is empty. */
  readonly root: SpanRow | undefined
  readonly rootMissing: boolean
  readonly errors: number
  /** The failed spans with nothing failed below them, the earliest first. */
  readonly origins: ReadonlySet<SpanRow>
  readonly orphans: number
  readonly statements: number
  readonly repeated: number
  readonly services: readonly ServiceCount[]
  readonly tenants: readonly string[]
  readonly users: readonly string[]
}

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
  /** The places of the rows by id, made when the trace has grown. */
  index: Map<string, number> | undefined
  /** Made when spans were sent with one id. */
  halves: Halves | undefined
  /** When its first span came, in microseconds since 1970. */
  readonly arrived: number
  /** Spans of it are to be placed, or its bounds to be found again: see `settle`. */
  isUnsettled: boolean
  facts: TraceFacts | undefined
  /** What a query has found out about one key. */
  distinct: DistinctValues | undefined
}

// A short list is cheaper to search than a Map is to keep.
const INDEX_FROM = 24

// What a trace takes besides its spans, with what lists show of it.
const TRACE_BYTES = 448

/** Begins a trace. */
export function createTraceRecord(
  id: string,
  late: boolean,
  arrived: number = Date.now() * 1000,
): TraceRecord {
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
    halves: undefined,
    arrived,
    isUnsettled: false,
    facts: undefined,
    distinct: undefined,
  }
}

/** The span of this id. */
export function spanOf(record: TraceRecord, id: string): SpanRow | undefined {
  const place = placeOf(record, id)
  return place === undefined ? undefined : record.spans[place]
}

/** The place of the span of this id in the list. */
export function placeOf(record: TraceRecord, id: string): number | undefined {
  if (record.index !== undefined) return record.index.get(id)
  const { spans } = record
  if (spans.length < INDEX_FROM) {
    const place = spans.findIndex((span) => span.id === id)
    return place < 0 ? undefined : place
  }
  record.index = new Map(spans.map((span, place) => [span.id, place]))
  return record.index.get(id)
}

/** Puts a span, whose id none has yet, at the end of the list. */
export function appendSpan(record: TraceRecord, span: SpanRow): SpanRow {
  record.index?.set(span.id, record.spans.length)
  // Most traces of one span stay like that, and a list that has grown has spare room.
  if (record.spans.length === 0) record.spans = [span]
  else record.spans.push(span)
  record.bytes += span.bytes
  if ((span.unknown & Unknown.place) === 0) extend(record, span)
  else record.isUnsettled = true
  return span
}

/** Puts a span in the place of another. */
export function replaceSpan(record: TraceRecord, place: number, span: SpanRow): void {
  const before = record.spans[place]
  if (before === undefined || before === span) return
  record.spans[place] = span
  record.bytes += span.bytes - before.bytes
  if (before.id !== span.id) {
    record.index?.delete(before.id)
    record.index?.set(span.id, place)
  }
  record.isUnsettled ||= before.micros !== span.micros || before.duration !== span.duration
}

/** Places the spans whose time nobody has said, and finds the bounds of the trace; to be called when it has changed. */
export function settle(record: TraceRecord): void {
  if (!record.isUnsettled) return
  const { spans } = record
  placeUntimed(record, (id) => spanOf(record, id))
  record.start = Number.POSITIVE_INFINITY
  record.duration = 0
  let isUnsettled = false
  for (const span of spans) {
    extend(record, span)
    isUnsettled ||= (span.unknown & Unknown.place) !== 0
  }
  record.isUnsettled = isUnsettled
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
  const { unkept, version, updated, arrived } = record
  const empty = createTraceRecord(record.id, record.late, arrived)
  Object.assign(record, empty, { unkept, version, updated })
  for (const span of kept) appendSpan(record, span)
  if (kept.some(({ half }) => half !== '')) record.halves = createHalves(kept)
  settle(record)
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
