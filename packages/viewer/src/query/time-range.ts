import type { TraceRecord } from '../trace/trace-record.ts'

/** From and to, in milliseconds since 1970; without bounds where undefined. */
export interface TimeRange {
  readonly from: number | undefined
  readonly to: number | undefined
}

/** The range that figures are of. */
export interface Period {
  readonly from: number
  readonly to: number
  readonly seconds: number
}

/** True when a moment, in microseconds since 1970, lies in the range. */
export function isWithin(range: TimeRange, micros: number): boolean {
  const millis = micros / 1000
  if (range.from !== undefined && millis < range.from) return false
  return range.to === undefined || millis <= range.to
}

/** True when the trace cannot have a span in the range. */
export function isOutside(range: TimeRange, record: TraceRecord): boolean {
  if (range.from !== undefined && record.end / 1000 < range.from) return true
  return range.to !== undefined && record.start / 1000 > range.to
}

/** What was asked for, else the range of what was seen, both in milliseconds; at least a second. */
export function periodOf(range: TimeRange, seen: { first: number; last: number }): Period {
  const isAny = seen.first <= seen.last
  const from = range.from ?? (isAny ? seen.first : 0)
  const to = Math.max(range.to ?? (isAny ? seen.last : 0), from)
  return { from, to, seconds: Math.max(1, (to - from) / 1000) }
}
