import type { LossReport } from './loss-report.ts'

/** A report that also says how much of it was rejected by one collector that took the request. */
export interface Rejections extends LossReport {
  readonly rejected: number
}

/** Counts what is added here, and passes it on to `losses`. */
export function countRejections(losses: LossReport): Rejections {
  let rejected = 0
  return {
    ...losses,
    get rejected() {
      return rejected
    },
    add(count, reason) {
      rejected += count
      losses.add(count, reason)
    },
  }
}
