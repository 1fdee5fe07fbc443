import type { LossReport } from './loss-report.ts'

/** The account of a queue: what has been taken is delivered or lost in the end. */
export interface Tally {
  /** How many have been taken into the queue, ever. */
  readonly accepted: number
  /** How many of them have been delivered or lost. */
  readonly settled: number
  /** How many have been delivered. */
  readonly delivered: number
  /** How many exports lost, by `error.type`. */
  readonly failed: ReadonlyMap<string, number>
  /** How many never got to an export, by `error.type`. */
  readonly dropped: ReadonlyMap<string, number>
  accept(): void
  /** One that did not fit; told with the end of the export under way, which knows why the queue is full. `type` is what metrics call it. */
  drop(reason: string, type: string): void
  /** One that is not taken any more. */
  refuse(reason: string): void
  deliver(count: number): void
  /** Counts what had been taken, and what was dropped meanwhile, as lost. */
  lose(count: number, reason: string, type: string): void
}

/** An account that tells `losses`. */
export function createTally(losses: LossReport): Tally {
  let accepted = 0
  let settled = 0
  let delivered = 0
  /** By why, and not told yet. */
  const untold = new Map<string, number>()
  const failed = new Map<string, number>()
  const dropped = new Map<string, number>()
  return {
    get accepted() {
      return accepted
    },
    get settled() {
      return settled
    },
    get delivered() {
      return delivered
    },
    failed,
    dropped,
    accept() {
      accepted++
    },
    drop(reason, type) {
      add(untold, reason, 1)
      add(dropped, type, 1)
    },
    refuse(reason) {
      add(dropped, 'already_shutdown', 1)
      losses.add(1, reason)
    },
    deliver(count) {
      settled += count
      delivered += count
      for (const [reason, number] of untold) losses.add(number, reason)
      untold.clear()
    },
    lose(count, reason, type) {
      settled += count
      if (count > 0) add(failed, type, count)
      let lost = count
      for (const number of untold.values()) lost += number
      untold.clear()
      if (lost > 0) losses.add(lost, reason)
    },
  }
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}
