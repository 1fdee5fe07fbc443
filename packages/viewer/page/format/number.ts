const grouped = new Intl.NumberFormat('en-US')

/** A count with its thousands apart: `84,000`. */
export function count(value: number): string {
  return grouped.format(value)
}

/** A count that fits in a badge: `1.2k`. */
export function short(value: number): string {
  if (value < 1000) return String(Math.round(value))
  if (value < 9950) return `${(value / 1000).toFixed(1)}k`
  if (value < 999_500) return `${Math.round(value / 1000)}k`
  return `${(value / 1_000_000).toFixed(1)}M`
}

/** `3 spans`, `1 span`. */
export function plural(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A share of 1 in percent. */
export function percent(share: number): string {
  if (share === 0) return '0%'
  if (share < 0.001) return '<0.1%'
  return share < 0.0995 ? `${(share * 100).toFixed(1)}%` : `${Math.round(share * 100)}%`
}

/** A rate that is given a second, in the unit that reads best. */
export function rate(perSecond: number): string {
  if (perSecond >= 1) return `${perSecond < 10 ? perSecond.toFixed(1) : short(perSecond)}/s`
  const perMinute = perSecond * 60
  if (perMinute >= 0.1 || perMinute === 0)
    return `${perMinute.toFixed(perMinute < 9.95 ? 1 : 0)}/min`
  const perHour = perMinute * 60
  return perHour < 0.1 ? '<0.1/h' : `${perHour.toFixed(1)}/h`
}

/** Bytes in the unit that reads best. */
export function bytes(value: number): string {
  if (value < 1024) return `${value} B`
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`
  return `${(value / 1024 / 1024).toFixed(1)} MiB`
}
