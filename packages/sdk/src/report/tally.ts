import type { LossReport } from './loss-report.ts'

/** The account of a queue: what has been taken is delivered or lost in the end. */
export interface Tally {
  /** How many have been taken into the queue, ever. */
  readonly accepted: number
  /** How many of them have been delivered or lost. */
  readonly settled: number
  accept(): void
  /** One that did not fit; told with the end of the export under way, which knows why the queue is full. */
  drop(reason: string): void
  /** One that is not taken any more. */
  refuse(reason: string): void
  deliver(count: number): void
  /** Counts what had been taken, and what was dropped meanwhile, as lost. */
  lose(count: number, reason: string): void
}

/** An account that tells `losses`. */
export function createTally(losses: LossReport): Tally {
  let accepted = 0
  let settled = 0
  /** By why. */
  const dropped = new Map<string, number>()
  return {
    get accepted() {
      return accepted
    },
    get settled() {
      return settled
    },
    accept() {
      accepted++
    },
    drop(reason) {
      dropped.set(reason, (dropped.get(reason) ?? 0) + 1)
    },
    refuse(reason) {
      losses.add(1, reason)
    },
    deliver(count) {
      settled += count
      for (const [reason, number] of dropped) losses.add(number, reason)
      dropped.clear()
    },
    lose(count, reason) {
      settled += count
      let lost = count
      for (const number of dropped.values()) lost += number
      dropped.clear()
      if (lost > 0) losses.add(lost, reason)
    },
  }
}
