/** A duration in milliseconds as people say it: `842 ms`, `1.24 s`, `310 µs`. */
export function duration(ms: number): string {
  const size = Math.abs(ms)
  if (size === 0) return '0 ms'
  if (size < 0.0995) return `${round(ms * 1000)} µs`
  if (size < 999.5) return `${round(ms)} ms`
  if (size < 59_950) return `${round(ms / 1000)} s`
  if (size < 3_599_500) return `${Math.floor(ms / 60_000)} m ${Math.round((ms % 60_000) / 1000)} s`
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} m`
}

/** Three digits that count, never more. */
function round(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95) return value.toFixed(0)
  if (size >= 9.995) return value.toFixed(1)
  return value.toFixed(2)
}
