import type { MapNumbers } from '../contract/figures.ts'
import { type SpanRow, Unknown } from '../model/rows.ts'

/** Counts calls, and remembers how long each took. */
export interface Tally {
  calls: number
  errors: number
  /** Nanoseconds. */
  readonly durations: number[]
}

/** What a tally comes to; durations in milliseconds, rate a second, errorRate 0 to 1. */
export interface Figures {
  readonly rate: number
  readonly errors: number
  readonly errorRate: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly total: number
}

/** Begins a tally. */
export function createTally(): Tally {
  return { calls: 0, errors: 0, durations: [] }
}

/** Adds one call; it counts for the durations when its sender has said how long it took. */
export function tally(
  to: Tally,
  { duration, unknown }: Pick<SpanRow, 'duration' | 'unknown'>,
  isError: boolean,
): void {
  to.calls += 1
  if (isError) to.errors += 1
  if ((unknown & Unknown.duration) === 0) to.durations.push(duration)
}

/** The figures of a tally over this many seconds. */
export function figuresOf({ calls, errors, durations }: Tally, seconds: number): Figures {
  const sorted = new Float64Array(durations).sort()
  let total = 0
  for (const duration of sorted) total += duration
  const at = (share: number): number => percentile(sorted, share) / 1e6
  return {
    rate: seconds > 0 ? calls / seconds : 0,
    errors,
    errorRate: calls > 0 ? errors / calls : 0,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    total: total / 1e6,
  }
}

/** The figures of a node or an edge of the map. */
export function callFigures(calls: Tally, seconds: number): Omit<MapNumbers, 'q'> {
  const { rate, errors, errorRate, p50, p95 } = figuresOf(calls, seconds)
  return { calls: calls.calls, rate, errors, errorRate, p50, p95 }
}

/** The value below or at which this share of the sorted values lies (nearest rank); 0 of none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(0, Math.ceil(sorted.length * share) - 1)
  return sorted[rank] ?? 0
}
