const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  // Another letter that looks the same.
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** A duration as Go writes it (`1.2s`, `1h5m`, `300us`) in nanoseconds; undefined for anything else. */
export function goDuration(text: string): number | undefined {
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text))
    return text === '0' ? 0 : undefined
  let nanos = 0
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    nanos += Number(number) * (UNITS[unit ?? ''] ?? 0)
  return nanos
}
