import type { Dialect } from './dialect.ts'
import { endAt } from './quoted.ts'

/** The index behind the comment that begins at `at`; `undefined` when none does. */
export function endOfComment(text: string, at: number, dialect: Dialect): number | undefined {
  const isLine = isLineComment(text, at, dialect)
  if (isLine !== 'no') {
    const end = endOfLine(text, at)
    return isLine === 'maybe' && hidesMore(text, at, end) ? text.length : end
  }
  if (text[at] !== '/' || text[at + 1] !== '*') return undefined
  if (dialect.nestedComments) return endOfNested(text, at)
  const { end } = endAt(text, at + 2, '*/')
  return dialect.versionComments && isVersion(text, at + 2) && hidesMore(text, at + 2, end)
    ? text.length
    : end
}

function endOfLine(text: string, at: number): number {
  LINE_END.lastIndex = at
  return LINE_END.exec(text)?.index ?? text.length
}

const LINE_END = /[\r\n]/g
const OPENS = /['"`$#[]|--|\/\*/g

// What some servers read as a comment, and others as a part of the statement, must not open in one
// reading what it does not in the other: then nothing behind it can be trusted.
function hidesMore(text: string, from: number, end: number): boolean {
  OPENS.lastIndex = from + 1
  const found = OPENS.exec(text)
  return found !== null && found.index < end
}

/** `/*!50000 …` and MariaDB's `/*M!…` are a part of the statement, from some version on. */
function isVersion(text: string, at: number): boolean {
  return text[at] === '!' || text.startsWith('M!', at)
}

function isLineComment(text: string, at: number, dialect: Dialect): 'yes' | 'no' | 'maybe' {
  if (text[at] === '#') return dialect.hashComments
  if (text[at] !== '-' || text[at + 1] !== '-') return 'no'
  const next = text.charCodeAt(at + 2)
  return Number.isNaN(next) || next <= 0x20 ? 'yes' : dialect.tightDashes
}

function endOfNested(text: string, at: number): number {
  const edge = /\/\*|\*\//g
  edge.lastIndex = at + 2
  let depth = 1
  while (depth > 0) {
    const found = edge.exec(text)
    if (found === null) return text.length
    depth += found[0] === '/*' ? 1 : -1
  }
  return edge.lastIndex
}
