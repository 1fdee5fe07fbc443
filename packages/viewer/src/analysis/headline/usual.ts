import type { SpanRow } from '../../model/rows.ts'
import { Unknown } from '../../model/rows.ts'
import type { MemoryStore } from '../../store/memory-store.ts'

/** How long the spans of an operation usually take. */
export interface Usual {
  /** The median, in nanoseconds. */
  readonly median: number
  readonly calls: number
}

/** What is usual in a store; it stays as it is for some seconds, so that the sentences of a list agree. */
export interface UsualTimes {
  /** Grows when it was made again. */
  readonly version: number
  /** How long spans of the same service, name and kind take; undefined when too few are known. */
  readonly of: (span: SpanRow) => Usual | undefined
}

/** Fewer calls than this do not make anything usual. */
const MIN_CALLS = 10
const MAX_SCANNED_SPANS = 20_000
const MAX_AGE_MILLIS = 5000

const made = new WeakMap<
  MemoryStore,
  UsualTimes & { readonly at: number; readonly spans: number }
>()

/** How long operations usually take, by the newest spans. */
export function usualTimes(store: MemoryStore): UsualTimes {
  const known = made.get(store)
  const { received } = store.counters
  const isFresh = known !== undefined && Date.now() - known.at < MAX_AGE_MILLIS
  if (known !== undefined && (isFresh || known.spans === received)) return known
  const durations = collect(store)
  const medians = new Map<string, Usual | undefined>()
  const times = {
    version: (known?.version ?? 0) + 1,
    at: Date.now(),
    spans: received,
    of: (span: SpanRow): Usual | undefined => {
      const key = keyOf(span)
      if (!medians.has(key)) medians.set(key, medianOf(durations.get(key) ?? []))
      return medians.get(key)
    },
  }
  made.set(store, times)
  return times
}

function collect(store: MemoryStore): Map<string, number[]> {
  const durations = new Map<string, number[]>()
  let left = MAX_SCANNED_SPANS
  for (const record of [...store.traces.values()].reverse()) {
    for (const span of record.spans) {
      if ((span.unknown & Unknown.duration) !== 0) continue
      const key = keyOf(span)
      const list = durations.get(key)
      if (list === undefined) durations.set(key, [span.duration])
      else list.push(span.duration)
    }
    left -= record.spans.length
    if (left <= 0) break
  }
  return durations
}

function keyOf({ resource, name, kind }: SpanRow): string {
  return `${kind} ${resource.service}\n${name}`
}

function medianOf(durations: readonly number[]): Usual | undefined {
  if (durations.length < MIN_CALLS) return undefined
  const sorted = Float64Array.from(durations).sort()
  return { median: sorted[(sorted.length - 1) >> 1] ?? 0, calls: sorted.length }
}
