import type { SpanRow } from '../model/rows.ts'
import { byStart } from './circles.ts'
import { spanOf, type TraceRecord } from './trace-record.ts'

/**
 * The spans where the errors of a trace began: failed ones with nothing failed below them, the earliest
 * first. An error above such a span only passed it on.
 */
export function findOrigins(record: TraceRecord, failed: readonly SpanRow[]): SpanRow[] {
  const above = new Set<SpanRow>()
  for (const span of failed) {
    let parent = parentOf(span, record)
    // What is marked already has all above it marked; circles end there, too.
    while (parent !== undefined && !above.has(parent)) {
      above.add(parent)
      parent = parentOf(parent, record)
    }
  }
  const origins = failed.filter((span) => !above.has(span))
  // In a circle, each failed span is above the others.
  return (origins.length > 0 ? origins : failed.slice(0, 1)).sort(byStart)
}

function parentOf({ parent }: SpanRow, record: TraceRecord): SpanRow | undefined {
  return parent === '' ? undefined : spanOf(record, parent)
}
