import type { Warn } from './warning.ts'

/** Counts the spans that never reached the collector, and says so once a minute at most. */
export interface LossReport {
  /** `reason` is the rest of the sentence "3 spans were lost: …". */
  add(spans: number, reason: string): void
  /** Says nothing any more. */
  close(): void
}

const MINUTE_MILLIS = 60_000

/** A report that speaks through `warn`; `minuteMillis` is shorter only in tests. */
export function createLossReport(warn: Warn, minuteMillis: number = MINUTE_MILLIS): LossReport {
  let lost = 0
  let lastReason = ''
  let timer: NodeJS.Timeout | undefined

  const say = (when: string): void => {
    warn(`${lost} ${lost === 1 ? 'span was' : 'spans were'} lost${when}: ${lastReason}`)
    lost = 0
    timer = setTimeout(sayAgain, minuteMillis).unref()
  }
  const sayAgain = (): void => {
    timer = undefined
    if (lost > 0) say(' in the last minute')
  }

  return {
    add(spans, reason) {
      lost += spans
      lastReason = reason
      if (timer === undefined) say('')
    },
    close() {
      clearTimeout(timer)
    },
  }
}
