import type { Dialect } from './dialect.ts'
import { endAt } from './quoted.ts'

/** The index after the comment that begins at `at`; `undefined` when none does. */
export function endOfComment(text: string, at: number, dialect: Dialect): number | undefined {
  const isLine = isLineComment(text, at, dialect)
  if (isLine !== 'no') {
    const end = endOfLine(text, at, dialect)
    return isLine === 'maybe' && hidesMore(text, at + 1, end) ? text.length : end
  }
  if (text[at] !== '/' || text[at + 1] !== '*') return undefined
  return endOfBlock(text, at, dialect)
}

/** The end of the line; of the text, when a carriage return that may end it earlier changes the reading. */
function endOfLine(text: string, at: number, { returnEndsLine }: Dialect): number {
  const end = search(LINE_END, text, at) ?? text.length
  if (returnEndsLine === 'no') return end
  const line = text.slice(at, end)
  const early = line.search(returnEndsLine === 'yes' ? RETURN : MAYBE_LINE_END)
  if (early === -1) return end
  if (returnEndsLine === 'yes') return at + early
  return hidesMore(text, at + early, end) ? text.length : end
}

const LINE_END = /\n/g
const RETURN = /\r/
const MAYBE_LINE_END = /[\r\v\f\u0085\u2028\u2029]/
const OPENS = /['"`$#[{]|--|\/\*|\/\//g

// A part that some servers read as a comment, and others as a part of the statement, must not open a
// quote in one reading that it does not open in the other: nothing after it could be trusted.
function hidesMore(text: string, from: number, end: number): boolean {
  return (search(OPENS, text, from) ?? end) < end
}

function endOfBlock(text: string, at: number, dialect: Dialect): number {
  const { end } = endAt(text, at + 2, '*/')
  if (dialect.versionComments && isVersion(text, at + 2)) {
    return hidesMore(text, at + 3, end) ? text.length : end
  }
  if (dialect.nestedComments === 'no') return end
  const nested = endOfNested(text, at)
  const differs = dialect.nestedComments === 'maybe' && nested !== end
  return differs && hidesMore(text, end, nested) ? text.length : nested
}

/** `/*!50000 …` and MariaDB's `/*M!…` are a part of the statement, from some version on. */
function isVersion(text: string, at: number): boolean {
  return text[at] === '!' || text.startsWith('M!', at)
}

function isLineComment(text: string, at: number, dialect: Dialect): 'yes' | 'no' | 'maybe' {
  if (text[at] === '#') return dialect.hashComments
  if (text[at] === '/' && text[at + 1] === '/') return dialect.slashComments
  if (text[at] !== '-' || text[at + 1] !== '-') return 'no'
  const next = text.charCodeAt(at + 2)
  // White space or a control character; for the other single bytes, that depends on the character set.
  if (Number.isNaN(next) || next <= 0x20 || next === 0x7f) return 'yes'
  return next > 0x7f && next <= 0xa0 && dialect.tightDashes === 'no' ? 'maybe' : dialect.tightDashes
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

function search(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from
  return pattern.exec(text)?.index
}
