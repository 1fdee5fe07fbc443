import type { SpanRow } from '../model/rows.ts'
import { spanOf, type TraceRecord } from './trace-record.ts'

/**
 * Finds where circles begin, in which each span is the parent of the next: in each circle that these spans
 * lie in or hang below, the span that began first. Earliest circle first.
 */
export function topsOfCircles(record: TraceRecord, spans: readonly SpanRow[]): SpanRow[] {
  const tops: SpanRow[] = []
  const walks = new Map<SpanRow, number>()
  for (let walk = 0; walk < spans.length; walk++) {
    let at = spans[walk]
    while (at !== undefined && !walks.has(at)) {
      walks.set(at, walk)
      at = spanOf(record, at.parent)
    }
    if (at !== undefined && walks.get(at) === walk) tops.push(firstOf(record, at))
  }
  return tops.sort(byStart)
}

/** Which of two spans comes first: the one that began first, else the longer one. */
export function byStart(a: SpanRow, b: SpanRow): number {
  return a.micros - b.micros || a.nanos - b.nanos || b.duration - a.duration
}

function firstOf(record: TraceRecord, one: SpanRow): SpanRow {
  let first = one
  for (
    let at = spanOf(record, one.parent);
    at !== undefined && at !== one;
    at = spanOf(record, at.parent)
  )
    if (byStart(at, first) < 0) first = at
  return first
}
