/** Buckets of durations, each a quarter of a power of two wide: 0.1 ms to about half an hour. */
const BUCKETS = 96
const FIRST_MILLIS = 0.1
const PER_DOUBLING = 4
/** With fewer durations than this, a route does not know yet what is unusual. */
const MIN_COUNT = 200
/** From here on, what was long ago counts half. */
const MAX_COUNT = 10_000
/** Routes are the application's own, but a name may be made of anything. */
const MAX_ROUTES = 500

interface Durations {
  count: number
  readonly buckets: Uint32Array
}

/** Knows how long the parts of each route take, in little memory. */
export class SlowRoutes {
  private readonly routes = new Map<string, Durations>()

  /** Takes a duration in; gives whether it lies above `percentile` of those that the route had before. */
  isSlow(route: string, millis: number, percentile: number): boolean {
    const durations = this.durationsOf(route)
    if (durations === undefined) return false
    const bucket = bucketOf(millis)
    const isSlow = durations.count >= MIN_COUNT && bucket > bucketAt(durations, percentile)
    durations.buckets[bucket] = (durations.buckets[bucket] ?? 0) + 1
    if (++durations.count >= MAX_COUNT) halve(durations)
    return isSlow
  }

  private durationsOf(route: string): Durations | undefined {
    const known = this.routes.get(route)
    if (known !== undefined || this.routes.size >= MAX_ROUTES) return known
    const fresh = { count: 0, buckets: new Uint32Array(BUCKETS) }
    this.routes.set(route, fresh)
    return fresh
  }
}

function bucketOf(millis: number): number {
  const place = Math.ceil(PER_DOUBLING * Math.log2(millis / FIRST_MILLIS))
  return Math.min(BUCKETS - 1, Math.max(0, place))
}

function bucketAt({ count, buckets }: Durations, percentile: number): number {
  const below = Math.ceil(count * percentile)
  let seen = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    seen += buckets[bucket] ?? 0
    if (seen >= below) return bucket
  }
  return BUCKETS - 1
}

function halve(durations: Durations): void {
  durations.count = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const half = (durations.buckets[bucket] ?? 0) >>> 1
    durations.buckets[bucket] = half
    durations.count += half
  }
}
