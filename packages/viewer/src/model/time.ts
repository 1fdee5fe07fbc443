/** A point in time: microseconds since 1970, and 0 to 999 nanoseconds. */
export interface Moment {
  readonly micros: number
  readonly nanos: number
}

// What OTLP can say: a fixed64.
const MAX_NANOS = 2 ** 64

/** Splits the two halves of a fixed64 of nanoseconds, exactly. */
export function momentOf(high: number, low: number): Moment {
  // 2^32 = 4294967 * 1000 + 296
  const rest = high * 296 + low
  const micros = Math.floor(rest / 1000)
  return { micros: high * 4_294_967 + micros, nanos: rest - micros * 1000 }
}

/** Nanoseconds since 1970 given as JSON gives them: a string of digits, or a number. */
export function momentFromJson(value: unknown): Moment {
  if (typeof value === 'number' && value > 0 && value <= MAX_NANOS) {
    const micros = Math.floor(value / 1000)
    return { micros, nanos: Math.max(0, Math.round(value - micros * 1000)) % 1000 }
  }
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return { micros: 0, nanos: 0 }
  if (Number(value) > MAX_NANOS) return { micros: 0, nanos: 0 }
  return { micros: Number(value.slice(0, -3)), nanos: Number(value.slice(-3)) }
}

/** Whole microseconds since 1970 from JSON, a number or a string of digits; 0 for anything else. */
export function momentOfMicros(value: unknown): Moment {
  const micros = typeof value === 'string' && /^\d{1,17}$/.test(value) ? Number(value) : value
  const isTime = typeof micros === 'number' && micros > 0 && micros * 1000 <= MAX_NANOS
  return { micros: isTime ? Math.floor(micros) : 0, nanos: 0 }
}

/** A duration in microseconds from JSON, in nanoseconds; -1 for anything else. */
export function nanosOfMicros(value: unknown): number {
  const micros = typeof value === 'string' && /^\d{1,17}$/.test(value) ? Number(value) : value
  const isDuration = typeof micros === 'number' && micros >= 0 && micros * 1000 <= MAX_NANOS
  return isDuration ? Math.round(micros * 1000) : -1
}

/** Nanoseconds from one moment to a later one; 0 when it is not later. */
export function nanosBetween(start: Moment, end: Moment): number {
  return Math.max(0, (end.micros - start.micros) * 1000 + (end.nanos - start.nanos))
}

/** Nanoseconds as milliseconds. */
export function nanosToMillis(nanos: number): number {
  return round(nanos / 1e6)
}

/** Nanoseconds since 1970 as a string of digits, some nanoseconds after a moment. */
export function toNanoString(moment: Moment, later = 0): string {
  const nanos = moment.nanos + later
  const micros = moment.micros + Math.floor(nanos / 1000)
  if (micros === 0) return String(nanos % 1000)
  return `${micros}${String(Math.round(nanos % 1000)).padStart(3, '0')}`
}

function round(millis: number): number {
  return Math.round(millis * 1e6) / 1e6
}
