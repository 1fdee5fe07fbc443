import type { Warn } from './warning.ts'

/** Counts what never reached the collector, and says so once a minute at most. */
export interface LossReport {
  /** What is counted, in the singular. */
  readonly what: string
  /** `reason` is the rest of the sentence "3 spans were lost: …". */
  add(count: number, reason: string): void
  /** Says nothing any more. */
  close(): void
}

const MINUTE_MILLIS = 60_000

/** A report that speaks through `warn`; `minuteMillis` is shorter only in tests. */
export function createLossReport(
  warn: Warn,
  minuteMillis: number = MINUTE_MILLIS,
  what: string = 'span',
): LossReport {
  let lost = 0
  let lastReason = ''
  let timer: NodeJS.Timeout | undefined

  const say = (when: string): void => {
    warn(`${lost} ${lost === 1 ? `${what} was` : `${what}s were`} lost${when}: ${lastReason}`)
    lost = 0
    timer = setTimeout(sayAgain, minuteMillis).unref()
  }
  const sayAgain = (): void => {
    timer = undefined
    if (lost > 0) say(' in the last minute')
  }

  return {
    what,
    add(count, reason) {
      lost += count
      lastReason = reason
      if (timer === undefined) say('')
    },
    close() {
      clearTimeout(timer)
    },
  }
}
