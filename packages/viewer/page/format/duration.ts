const SECOND = 1000
const MINUTE = 60 * SECOND

/** A duration in milliseconds as people say it: `310 µs`, `842 ms`, `1.24 s`, `1 m 5 s`, `2 h`. */
export function duration(ms: number): string {
  const size = Math.abs(ms)
  const sign = ms < 0 ? '-' : ''
  if (size === 0) return '0 ms'
  if (size < 0.9995) return `${sign}${round(size * 1000)} µs`
  if (size < 0.9995 * SECOND) return `${sign}${round(size)} ms`
  if (size < 59.95 * SECOND) return `${sign}${round(size / SECOND)} s`
  const seconds = Math.round(size / SECOND)
  if (seconds < 3600) return sign + inTwo(seconds, 'm', 's')
  return sign + inTwo(Math.round(size / MINUTE), 'h', 'm')
}

/** The same without zeros that say nothing, as an axis has it: `10 ms`, `2 m`. */
export function roundDuration(ms: number): string {
  return duration(ms).replace(/\.0+ /, ' ')
}

/** So many sixtieths as wholes and what is left, which is not said when it is nothing. */
function inTwo(parts: number, whole: string, part: string): string {
  const rest = parts % 60
  const wholes = `${Math.floor(parts / 60)} ${whole}`
  return rest === 0 ? wholes : `${wholes} ${rest} ${part}`
}

/** Three digits that count, never more. */
function round(value: number): string {
  if (value >= 99.95) return value.toFixed(0)
  if (value >= 9.995) return value.toFixed(1)
  return value.toFixed(2)
}
