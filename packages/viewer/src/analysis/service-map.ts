import type { ServiceMap } from '../contract/figures.ts'
import type { Query } from '../query/compile-query.ts'
import { isWithin, periodOf, type TimeRange } from '../query/time-range.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { createTraceMapper } from './map-trace.ts'

/** Who calls whom in the traces that match: API.md, Map. */
export function serviceMap(store: MemoryStore, query: Query, range: TimeRange): ServiceMap {
  const mapper = createTraceMapper(store)
  const seen = { first: Number.POSITIVE_INFINITY, last: 0 }
  let traces = 0
  for (const record of store.traces.values()) {
    if (!isWithin(range, record.start) || !query.trace(record)) continue
    traces += 1
    seen.first = Math.min(seen.first, record.start / 1000)
    seen.last = Math.max(seen.last, record.end / 1000)
    mapper.add(record)
  }
  const period = periodOf(range, seen)
  return { ...mapper.finish(period.seconds), ...period, traces }
}

/** The map of one trace. */
export function mapOfTrace(record: TraceRecord, store: MemoryStore): ServiceMap {
  const mapper = createTraceMapper(store)
  mapper.add(record)
  const seen = { first: record.start / 1000, last: record.end / 1000 }
  const period = periodOf({ from: undefined, to: undefined }, seen)
  return { ...mapper.finish(period.seconds), ...period, traces: 1 }
}
