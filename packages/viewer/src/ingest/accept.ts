import type { Decoded } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'

/** What has become of what was decoded. */
export interface Accepted {
  /** Spans that were not there before. */
  readonly spans: number
  /** Pieces of spans that were there. */
  readonly merged: number
  /** Spans and log lines that were there already, and said nothing new. */
  readonly known: number
  readonly logs: number
}

/**
 * Puts what was decoded into the store, and counts the spans that it did not keep, because their
 * trace has more than are kept of one, among the rejected ones.
 */
export function accept(store: MemoryStore, decoded: Decoded): Accepted {
  const before = { ...store.counters }
  store.add(decoded)
  const { counters } = store
  // To make room, spans of earlier requests may have gone as well.
  const unkept = Math.min(counters.beyondTraceCap - before.beyondTraceCap, decoded.spans.length)
  const merged = counters.merged - before.merged
  const known = counters.duplicates - before.duplicates
  const knownLogs = counters.duplicateLogs - before.duplicateLogs
  // The store has counted what it refused itself; here the sender is told.
  decoded.rejected += unkept
  if (unkept > 0) decoded.reasons.add('a trace has more spans than the limit per trace')
  return {
    spans: Math.max(0, decoded.spans.length - unkept - merged - known),
    merged,
    known: known + knownLogs,
    logs: decoded.logs.length - knownLogs,
  }
}

/** Why something was refused, in one line. */
export function wordsFor(reasons: Iterable<string>): string {
  return [...reasons].join('; or ')
}
