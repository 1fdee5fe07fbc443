/** Measures how many a second came in during the last seconds. */
export interface RateMeter {
  /** A second, rounded. */
  perSecond(now?: number): number
}

const WINDOW_SECONDS = 5

/** Makes a meter of a counter that only grows. */
export function createRateMeter(count: () => number): RateMeter {
  const seen: { time: number; count: number }[] = [{ time: Date.now(), count: count() }]
  return {
    perSecond(now = Date.now()) {
      const last = seen.at(-1)
      if (last === undefined || now - last.time >= 500) seen.push({ time: now, count: count() })
      while (seen.length > 2 && now - (seen[1]?.time ?? now) >= WINDOW_SECONDS * 1000) seen.shift()
      const [first] = seen
      if (first === undefined || now - first.time < 500) return 0
      return Math.round(((count() - first.count) * 1000) / (now - first.time))
    },
  }
}
