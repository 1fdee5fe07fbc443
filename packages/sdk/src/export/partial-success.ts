import type { LossReport } from '../report/loss-report.ts'
import type { Warn } from '../report/warning.ts'

/** What a collector says of a request that it took ("Partial Success", OTLP 1.11). */
export interface PartialSuccess {
  readonly rejected: unknown
  readonly errorMessage: unknown
}

/** Takes a collector's answers; `count` is how many items the request had. */
export type AnswerReader = (answer: Uint8Array, count: number) => void

const MINUTE_MILLIS = 60_000
const MAX_SHOWN_MESSAGE = 200

/**
 * Counts what a collector took the request for but refused as lost, and passes on what it warns of,
 * once a minute at most. Whatever else it answers next to its 2xx status, the items were taken.
 */
export function createAnswerReader(
  read: (answer: Uint8Array) => PartialSuccess | undefined,
  losses: LossReport,
  warn: Warn,
): AnswerReader {
  let warnedAt = Number.NEGATIVE_INFINITY
  return (answer, count) => {
    if (answer.length === 0) return
    const { rejected, errorMessage } = tryTo(() => read(answer)) ?? {}
    const message = typeof errorMessage === 'string' ? errorMessage.trim() : ''
    const shown = message.slice(0, MAX_SHOWN_MESSAGE)
    const lost = countOf(rejected, count)
    if (lost > 0) {
      losses.add(lost, `the collector rejected them (${shown || 'no reason given'})`)
    } else if (shown !== '' && performance.now() - warnedAt > MINUTE_MILLIS) {
      warnedAt = performance.now()
      warn(`the collector accepted the ${losses.what}s, with a warning: ${shown}`)
    }
  }
}

/** A whole number from 0 to `most`; one below 0 comes out of protobuf as a huge one, and is nonsense. */
function countOf(rejected: unknown, most: number): number {
  const number = Math.floor(Number(rejected ?? 0))
  return Number.isSafeInteger(number) ? Math.max(0, Math.min(number, most)) : 0
}

function tryTo<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
