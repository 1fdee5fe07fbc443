import type { Stats } from '../contract/receiver.ts'
import type { ViewerState } from '../ingest/viewer-state.ts'

/** What is kept, what came and what was lost: API.md, Stats. */
export function statsOf({ store, log, rate }: ViewerState): Stats {
  const { counters, limits, logs } = store
  let newest = 0
  let oldest = Number.POSITIVE_INFINITY
  for (const record of store.traces.values()) {
    if (record.end > newest) newest = record.end
    if (record.start < oldest) oldest = record.start
  }
  return {
    spans: store.spanCount,
    maxSpans: limits.maxSpans,
    bytes: store.bytes,
    maxBytes: limits.maxBytes,
    traces: store.traces.size,
    logs: logs.size,
    maxLogs: limits.maxLogs,
    spansPerSecond: rate.perSecond(),
    received: {
      spans: counters.received,
      logs: counters.receivedLogs,
      merged: counters.merged,
      metrics: log.metrics,
      requests: log.requests,
      refused: log.refused,
    },
    lost: {
      duplicates: counters.duplicates,
      evictedTraces: counters.evictedTraces,
      evictedSpans: counters.evictedSpans,
      evictedLogs: logs.evicted,
      beyondTraceCap: counters.beyondTraceCap,
      clippedSpans: counters.clipped,
      invalidSpans: counters.invalid,
    },
    newest: store.traces.size > 0 ? newest / 1000 : undefined,
    oldest: store.traces.size > 0 ? oldest / 1000 : undefined,
    paused: false,
  }
}
