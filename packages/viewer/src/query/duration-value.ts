const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

const PART = /(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d{1,3})?([a-zµμ]*)/y

/**
 * The nanoseconds of a duration: a number with a unit, `1h30m` or `24 h 0 m`; a number alone is in
 * milliseconds. undefined for any other text.
 */
export function readDuration(value: string): number | undefined {
  const text = value.replace(/\s+/g, '')
  let nanos = 0
  let at = 0
  while (at < text.length) {
    PART.lastIndex = at
    const [part, digits, exponent = '', written = ''] = PART.exec(text) ?? []
    if (part === undefined) return undefined
    const isAlone = part.length === text.length
    const name = written === '' && isAlone ? 'ms' : written
    const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
    if (unit === undefined) return undefined
    nanos += Number(digits + exponent) * unit
    at += part.length
  }
  return at === 0 ? undefined : nanos
}
