/** A time as an option takes it: milliseconds, or text such as `'250ms'`, `'1s'` and `'2m'`. */
export type TimeSpan = number | string

/** A number of bytes as an option takes it, or text such as `'16 MB'`. */
export type Size = number | string

const TIME = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/
const SIZE = /^(\d+(?:\.\d+)?)\s*(B|kB|KB|MB)$/
const MILLIS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }
const BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1000, KB: 1000, MB: 1_000_000 }

/** Milliseconds; undefined when `value` is not a time. */
export function millisOf(value: unknown): number | undefined {
  return read(value, TIME, MILLIS)
}

/** Bytes; undefined when `value` is not a size. */
export function bytesOf(value: unknown): number | undefined {
  return read(value, SIZE, BYTES)
}

function read(
  value: unknown,
  pattern: RegExp,
  units: Readonly<Record<string, number>>,
): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  const [, number, unit = ''] = pattern.exec(value.trim()) ?? []
  const scale = units[unit]
  return scale === undefined ? undefined : Number(number) * scale
}
