/** A resolver that was slow, or failed. */
export interface NotedResolver {
  /** The field as the schema names it: `Order.items`. */
  readonly field: string
  /** By `performance.now()`, in milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly isFailed: boolean
  readonly error: unknown
}

/** Keeps the resolvers that say most: those that failed, then the slowest. */
export class Slowest {
  readonly kept: NotedResolver[] = []
  /** How many were not kept. */
  leftOut = 0
  private readonly max: number

  constructor(max: number) {
    this.max = max
  }

  add(resolver: NotedResolver): void {
    if (this.kept.length < this.max) {
      this.kept.push(resolver)
      return
    }
    this.leftOut++
    const [first] = this.kept
    if (first === undefined) return
    const least = this.kept.reduce((one, other) => (saysMore(one, other) ? other : one), first)
    if (saysMore(resolver, least)) this.kept[this.kept.indexOf(least)] = resolver
  }
}

function saysMore(one: NotedResolver, other: NotedResolver): boolean {
  if (one.isFailed !== other.isFailed) return one.isFailed
  return one.endedAt - one.startedAt > other.endedAt - other.startedAt
}
