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
interface Limit {
  readonly lines: number
  readonly length: number
}

const MAX_PER_REQUEST: Limit = { lines: 1000, length: 4_000_000 }
const MAX_WAITING: Limit = { lines: 20_000, length: 32_000_000 }

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
      return waiting.length >= MAX_PER_REQUEST.lines || total >= MAX_PER_REQUEST.length
    },
    add(line, length) {
      if (waiting.length >= MAX_WAITING.lines || total + length > MAX_WAITING.length) lost += 1
      else {
        waiting.push({ line, length })
        total += length
      }
    },
    take() {
      let length = 0
      const end = waiting.findIndex((each, index) => {
        length += each.length
        return index >= MAX_PER_REQUEST.lines || length > MAX_PER_REQUEST.length
      })
      const taken = end < 0 ? waiting : waiting.slice(0, Math.max(1, end))
      waiting = waiting.slice(taken.length)
      for (const each of taken) total -= each.length
      return taken.map(({ line }) => line)
    },
  }
}
