const WINDOW_MILLIS = 1000
/** What is kept back for those who have had nothing yet in this second. */
const SHARE_FOR_NEW = 0.2

/**
 * Lets so many through a second. Whoever comes often, such as a route that fails all the time, takes
 * no more than its share of it from the others.
 */
export class Limiter {
  private readonly perSecond: number
  private readonly now: () => number
  private windowAt = Number.NEGATIVE_INFINITY
  private total = 0
  private counts = new Map<string, number>()
  /** How many different ones came in the second before. */
  private before = 0
  private refusedAt = Number.NEGATIVE_INFINITY

  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.perSecond = perSecond
    this.now = now
  }

  /** Whether somebody was refused less than a second ago: then nobody knows how likely it was to be let through. */
  get hasRefused(): boolean {
    return this.now() - this.refusedAt < WINDOW_MILLIS
  }

  admits(key: string): boolean {
    this.turn()
    const count = this.counts.get(key) ?? 0
    const kinds = Math.max(this.before, this.counts.size + (count === 0 ? 1 : 0))
    const share = Math.max(1, Math.floor(this.perSecond / kinds))
    const forAll = kinds === 1 ? this.perSecond : this.perSecond * (1 - SHARE_FOR_NEW)
    const hasRoom = count === 0 ? this.total < this.perSecond : count < share && this.total < forAll
    this.counts.set(key, count + (hasRoom ? 1 : 0))
    if (hasRoom) this.total++
    else this.refusedAt = this.now()
    return hasRoom
  }

  private turn(): void {
    const now = this.now()
    if (now - this.windowAt < WINDOW_MILLIS) return
    this.before = now - this.windowAt < 2 * WINDOW_MILLIS ? this.counts.size : 0
    this.counts = new Map()
    this.total = 0
    this.windowAt = now
  }
}
