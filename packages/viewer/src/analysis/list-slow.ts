import type { SlowAnswer } from '../contract/findings.ts'
import type { Query } from '../query/compile-query.ts'
import type { TimeRange } from '../query/time-range.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { factsOf } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { findingOf } from './headline/culprit.ts'
import { usualTimes } from './headline/usual.ts'
import { matchingTraces } from './list-traces.ts'

/**
 * The traces that took the most time beyond the median of their operation; of an operation that is not
 * known well enough, all of its time counts. API.md, Errors and slow traces.
 */
export function listSlow(
  store: MemoryStore,
  { query, range, limit }: { query: Query; range: TimeRange; limit: number },
): SlowAnswer {
  const times = usualTimes(store)
  const usualOf = (record: TraceRecord): number | undefined => {
    const { root } = factsOf(record)
    return root && times.of(root)?.median
  }
  const found = matchingTraces(store, query, range).map((record) => {
    const usual = usualOf(record)
    return { record, usual, excess: record.duration - (usual ?? 0) }
  })
  found.sort((a, b) => b.excess - a.excess)
  return {
    traces: found.slice(0, limit).map(({ record, usual }) => ({
      ...findingOf(record, store),
      usual: usual === undefined ? undefined : usual / 1e6,
    })),
    matched: found.length,
  }
}
