import { textOf } from '../model/attributes.ts'
import { isOutputLine } from '../model/output-line.ts'
import type { LogRow } from '../model/rows.ts'

/** Finds log lines that come twice: sent by the program's logger, and read from its output. */
export interface DuplicateLines {
  /** True when the line's twin has come before: the two are one line. */
  has(row: LogRow): boolean
  clear(): void
}

const MAX_APART_MICROS = 2e6
const MAX_REMEMBERED = 5000

/** Begins to look for twins. */
export function createDuplicateLines(): DuplicateLines {
  const output = new Map<string, number[]>()
  const sent = new Map<string, number[]>()
  return {
    has(row) {
      const key = keyOf(row)
      const [own, other] = isOutputLine(row) ? [output, sent] : [sent, output]
      if (takeNear(other, key, row.micros)) return true
      remember(own, key, row.micros)
      return false
    },
    clear() {
      output.clear()
      sent.clear()
    },
  }
}

// The service is left out: the output's may be a guess.
function keyOf({ trace, span, severity, body }: LogRow): string {
  return `${trace} ${span} ${severity} ${textOf(body).slice(0, 200)}`
}

/** Takes one of these times out that is near: each line is the twin of one other. */
function takeNear(from: Map<string, number[]>, key: string, micros: number): boolean {
  const times = from.get(key)
  const index = times?.findIndex((each) => Math.abs(each - micros) <= MAX_APART_MICROS) ?? -1
  if (times === undefined || index < 0) return false
  times.splice(index, 1)
  if (times.length === 0) from.delete(key)
  return true
}

function remember(into: Map<string, number[]>, key: string, micros: number): void {
  const times = into.get(key)
  if (times !== undefined) {
    times.push(micros)
    if (times.length > 100) times.shift()
    return
  }
  into.set(key, [micros])
  if (into.size <= MAX_REMEMBERED) return
  const [oldest] = into.keys()
  if (oldest !== undefined) into.delete(oldest)
}
