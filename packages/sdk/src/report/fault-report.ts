import { types } from 'node:util'
import { describeError } from './describe-error.ts'
import type { Warn } from './warning.ts'

/** Counts how often a part that the application gave us has failed, and says so once a minute at most. */
export interface FaultReport {
  add(error: unknown): void
  /** Runs `part`; what it throws or rejects with is counted, and the result is then undefined. */
  guard<T>(part: () => T): T | undefined
}

const MINUTE_MILLIS = 60_000

/** A report on `what`, in the singular with its article. */
export function createFaultReport(what: string, warn: Warn): FaultReport {
  let failed = 0
  let saidAt = Number.NEGATIVE_INFINITY

  const add = (error: unknown): void => {
    failed++
    if (performance.now() - saidAt < MINUTE_MILLIS) return
    saidAt = performance.now()
    const times = failed === 1 ? 'failed' : `failed ${failed} times`
    failed = 0
    warn(
      `${what} of this application ${times}; tracing continues without it (${describeError(error)})`,
    )
  }

  return {
    add,
    guard(part) {
      try {
        const result = part()
        // Nobody waits for it, and a rejection would end the process.
        if (types.isPromise(result)) result.catch(add)
        return result
      } catch (error) {
        add(error)
        return undefined
      }
    },
  }
}
