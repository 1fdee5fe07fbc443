import type { Warn } from './warning.ts'

/** Counts what never reached the collector, and says so once a minute at most. */
export interface LossReport {
  /** What is counted, in the singular. */
  readonly what: string
  /** `reason` is the rest of the sentence "3 spans were lost: …". */
  add(count: number, reason: string): void
  /** Says at once what has been counted and not said, for there may be no later. */
  sayRest(): void
  /** Says the rest, and from now on each loss at once: the process is ending. */
  close(): void
}

const MINUTE_MILLIS = 60_000
const MAX_LISTED_REASONS = 5

/** A report that speaks through `warn`; `minuteMillis` is shorter only in tests. */
export function createLossReport(
  warn: Warn,
  minuteMillis: number = MINUTE_MILLIS,
  what: string = 'span',
): LossReport {
  const reasons = new Map<string, number>()
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const say = (when: string): void => {
    process.off('exit', sayRest)
    const count = `${lost} ${lost === 1 ? `${what} was` : `${what}s were`} lost`
    const why = describeReasons(reasons)
    lost = 0
    reasons.clear()
    clearTimeout(timer)
    timer = setTimeout(sayAgain, minuteMillis).unref()
    warn(`${count}${when}: ${why}`)
  }
  const sayRest = (): void => {
    if (lost > 0) say(' since then')
  }
  const sayAgain = (): void => {
    timer = undefined
    if (lost > 0) say(' in the last minute')
  }

  return {
    what,
    add(count, reason) {
      if (lost === 0 && timer !== undefined && !closed) process.once('exit', sayRest)
      lost += count
      const key =
        reasons.has(reason) || reasons.size < MAX_LISTED_REASONS ? reason : 'other reasons'
      reasons.set(key, (reasons.get(key) ?? 0) + count)
      if (timer === undefined || closed) say('')
    },
    sayRest,
    close() {
      closed = true
      sayRest()
    },
  }
}

function describeReasons(reasons: ReadonlyMap<string, number>): string {
  if (reasons.size === 1) return [...reasons.keys()].join()
  return [...reasons].map(([reason, count]) => `${count}: ${reason}`).join('; ')
}
