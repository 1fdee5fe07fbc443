import type { Decoded } from '../model/rows.ts'
import type { TraceStore } from '../store/trace-store.ts'

/**
 * Puts what was decoded into the store, and counts the spans that it did not keep, because their
 * trace has more than are kept of one, among the rejected ones.
 *
 * @returns how many those are
 */
export function takeIn(store: TraceStore, decoded: Decoded): number {
  const before = store.counters.beyondTraceCap
  store.add(decoded)
  // To make room, spans of earlier requests may have gone as well.
  const unkept = Math.min(store.counters.beyondTraceCap - before, decoded.spans.length)
  // The store has counted what it refused itself; here the sender is told.
  decoded.rejected += unkept
  if (unkept > 0) decoded.reasons.add('a trace has more spans than are kept of one')
  return unkept
}

/** Why something was refused, in one line. */
export function wordsFor(reasons: Iterable<string>): string {
  return [...reasons].join('; or ')
}
