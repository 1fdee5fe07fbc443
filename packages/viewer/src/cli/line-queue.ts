import type { ReadLine } from './log-record.ts'

/** Log lines that wait to be sent, bounded. */
export interface LineQueue {
  /** Lines that came when too many waited already. */
  readonly lost: number
  /** Enough wait for a request. */
  readonly isLong: boolean
  /** `length` is that of the line, in characters. */
  add(line: ReadLine, length: number): void
  /** The lines of the next request, the oldest first; none when none wait. */
  take(): ReadLine[]
}

/** How many lines, and how many characters. */
interface Most {
  readonly lines: number
  readonly length: number
}

const SENT_AT_ONCE: Most = { lines: 1000, length: 4_000_000 }
const WAITING: Most = { lines: 20_000, length: 32_000_000 }

/** Makes an empty queue. */
export function createLineQueue(): LineQueue {
  let waiting: { line: ReadLine; length: number }[] = []
  let total = 0
  let lost = 0
  return {
    get lost() {
      return lost
    },
    get isLong() {
      return waiting.length >= SENT_AT_ONCE.lines || total >= SENT_AT_ONCE.length
    },
    add(line, length) {
      if (waiting.length >= WAITING.lines || total + length > WAITING.length) lost += 1
      else {
        waiting.push({ line, length })
        total += length
      }
    },
    take() {
      let length = 0
      const end = waiting.findIndex((each, index) => {
        length += each.length
        return index >= SENT_AT_ONCE.lines || length > SENT_AT_ONCE.length
      })
      const taken = end < 0 ? waiting : waiting.slice(0, Math.max(1, end))
      waiting = waiting.slice(taken.length)
      for (const each of taken) total -= each.length
      return taken.map(({ line }) => line)
    },
  }
}
