import type { SpanRow } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** One trace as text: what stands before its spans, some of the spans, and what stands after. */
export interface TraceText {
  readonly before: string
  /** JSON values with commas between. */
  readonly spans: (rows: readonly SpanRow[]) => string
  readonly after: () => string
}

/** About 64 KiB, so that next to nothing waits with a client that does not read. */
const SPANS_A_PART = 100

/**
 * A list of traces as JSON between what stands before and after it, in parts. Each part is looked up
 * when its turn comes: a slow reader keeps no trace alive.
 */
export function* traceParts(
  store: MemoryStore,
  records: readonly TraceRecord[],
  list: { before: string; after: string; write: (id: string) => TraceText },
): Iterable<string> {
  const ids = records.map(({ id }) => id)
  yield list.before
  let comma = ''
  for (const id of ids) {
    if (!store.traces.has(id)) continue
    const text = list.write(id)
    yield comma + text.before
    comma = ','
    for (const rows of spanParts(store, id)) yield text.spans(rows.spans) + (rows.isLast ? '' : ',')
    yield text.after()
  }
  yield list.after
}

/** The spans of a trace, some after others, as long as it is kept. */
export function* spanParts(
  { traces }: MemoryStore,
  id: string,
): Iterable<{ spans: readonly SpanRow[]; isLast: boolean }> {
  const count = traces.get(id)?.spans.length ?? 0
  for (let at = 0; at < count; at += SPANS_A_PART) {
    const spans = traces.get(id)?.spans.slice(at, Math.min(count, at + SPANS_A_PART)) ?? []
    // An answer without one of its parts must not look complete.
    if (spans.length === 0) throw new Error('The trace was evicted while it was being read.')
    yield { spans, isLast: at + SPANS_A_PART >= count }
  }
}

/** The traces of these ids, each once, in whatever way its id is written. */
export function tracesOf({ traces }: MemoryStore, ids: readonly string[]): TraceRecord[] {
  const whole = ids.map((id) => id.trim().toLowerCase().padStart(32, '0'))
  return [...new Set(whole)].flatMap((id) => traces.get(id) ?? [])
}

/** A list's JSON without its brackets. */
export function inner(list: readonly unknown[]): string {
  return JSON.stringify(list).slice(1, -1)
}
