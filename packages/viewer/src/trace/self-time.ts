import type { SpanRow } from '../model/rows.ts'
import { nanosAfterStart, type TraceRecord } from './trace-record.ts'

/** A stretch of time in nanoseconds from the begin of the trace. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** When a span ran, in nanoseconds from the begin of its trace. */
export function stretchOf(record: TraceRecord, span: SpanRow): Stretch {
  const from = nanosAfterStart(record, span)
  return { from, to: from + span.duration }
}

/** The time of a span in which none of these children ran, in nanoseconds. */
export function uncovered(span: Stretch, children: readonly Stretch[]): number {
  const sorted = [...children].sort((a, b) => a.from - b.from)
  let covered = 0
  let until = span.from
  for (const child of sorted) {
    const from = Math.max(child.from, until)
    const to = Math.min(child.to, span.to)
    if (to <= from) continue
    covered += to - from
    until = to
  }
  return span.to - span.from - covered
}

// For the last trace only: a query asks about the spans of one trace after another.
let last: { record: TraceRecord; version: number; of: Map<string, SpanRow[]> } | undefined

/** The spans of a trace by their parent. */
export function childrenOf(record: TraceRecord): ReadonlyMap<string, readonly SpanRow[]> {
  if (last?.record === record && last.version === record.version) return last.of
  const of = new Map<string, SpanRow[]>()
  for (const span of record.spans) {
    const list = of.get(span.parent)
    if (list === undefined) of.set(span.parent, [span])
    else list.push(span)
  }
  last = { record, version: record.version, of }
  return of
}

/** The time of a span in which no child ran, in nanoseconds. */
export function selfNanos(record: TraceRecord, span: SpanRow): number {
  const inner = childrenOf(record).get(span.id) ?? []
  return uncovered(
    stretchOf(record, span),
    inner.map((child) => stretchOf(record, child)),
  )
}
