import { endOfComment } from './comment.ts'
import type { Dialect } from './dialect.ts'
import { endAt, endOfOracleQuote, endOfQuoted } from './quoted.ts'

/** A piece of SQL. A literal's text is `?`, whatever it was. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'literal' | 'parameter' | 'symbol'
  readonly text: string
  /** Whether white space or a comment stood before it. */
  readonly spaced: boolean
}

interface Piece {
  readonly kind: SqlToken['kind']
  readonly end: number
}

const SPACE = /[\s\0]+/y
const WORD = /[\p{L}_\u0080-\u{10ffff}][\p{L}\w$\u0080-\u{10ffff}]*/uy
const NUMBER = /\.?\d(?:[eE][+-]?\d|[\w.$\u0080-\uffff])*/y
// PostgreSQL goes on with a string behind white space that has a line's end in it, or a comment.
const CONTINUED = /(?:\s|--[^\r\n]*[\r\n])+'/y
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
// SQLite's highest is ?32766, PostgreSQL's $65535: what is longer is no parameter.
const NUMBERED = /[?$:]\d{1,5}(?![\w.$])/y
/** What SQL Server's `[…]` can be at most, with every `]` doubled. */
const MAX_NAME = 258
const NAMED = /(?:[:$@]|@@)[\p{L}_][\p{L}\w$]*/uy

/** Takes a statement apart. Never throws, and takes time in proportion to the text. */
export function tokenizeSql(text: string, dialect: Dialect): SqlToken[] {
  const tokens: SqlToken[] = []
  let at = 0
  let spaced = false
  while (at < text.length) {
    const skipped = endOf(SPACE, text, at) ?? endOfComment(text, at, dialect)
    if (skipped !== undefined) {
      at = skipped
      spaced = true
      continue
    }
    const { kind, end } = readPiece(text, at, dialect)
    tokens.push({ kind, text: kind === 'literal' ? '?' : text.slice(at, end), spaced })
    at = end
    spaced = false
  }
  return tokens
}

function readPiece(text: string, at: number, dialect: Dialect): Piece {
  const first = text[at]
  if (first === "'") return literal(endOfQuoted(text, at, "'", dialect.backslash).end)
  if (first === '"') return readDoubleQuoted(text, at, dialect)
  if (first === '`') return readName(text, at, '`')
  if (first === '[') {
    if (dialect.bracketNames === 'yes') return readName(text, at, ']')
    if (dialect.bracketNames === 'maybe' && mayHoldQuote(text, at)) return literal(text.length)
  }
  const word = endOf(WORD, text, at)
  if (word !== undefined) return readWord(text, at, word, dialect)
  const number = endOf(NUMBER, text, at)
  if (number !== undefined) return literal(number)
  return readParameter(text, at, dialect) ?? { kind: 'symbol', end: at + symbolLength(text, at) }
}

function readDoubleQuoted(text: string, at: number, dialect: Dialect): Piece {
  if (dialect.doubleQuoted === 'name') return readName(text, at, '"')
  return literal(endOfQuoted(text, at, '"', dialect.backslash).end)
}

function readName(text: string, at: number, quote: string): Piece {
  const { end, closed } = endOfQuoted(text, at, quote, 'never')
  return closed ? { kind: 'name', end } : literal(end)
}

// In `[it's]` a string begins unless it is a name; in `['a']` none is open behind it in any reading.
function mayHoldQuote(text: string, at: number): boolean {
  const ahead = text.slice(at, at + MAX_NAME)
  const { end, closed } = endOfQuoted(ahead, 0, ']', 'never')
  const inside = ahead.slice(0, end)
  return closed && ["'", '"', '`'].some((quote) => inside.split(quote).length % 2 === 0)
}

// A word right before a quote may say how to read it: E'…', N'…', X'…', U&'…', q'[…]'.
function readWord(text: string, at: number, end: number, dialect: Dialect): Piece {
  const word = text.slice(at, end).toLowerCase()
  if (word === 'true' || word === 'false') return literal(end)
  if (text[end] === "'") {
    if (word === 'e') return literal(endOfEscaped(text, end))
    if (word === 'x' || word === 'b') return literal(endOfQuoted(text, end, "'", 'never').end)
    if (word === 'n') return literal(endOfQuoted(text, end, "'", dialect.backslash).end)
    if ((word === 'q' || word === 'nq') && dialect.quoteOperator) {
      return literal(endOfOracleQuote(text, end + 1).end)
    }
  }
  return { kind: 'word', end }
}

/** The end of E'…', which goes on in the next line: E'a' and then 'b' are one. */
function endOfEscaped(text: string, at: number): number {
  let { end } = endOfQuoted(text, at, "'", 'always')
  for (;;) {
    const next = endOf(CONTINUED, text, end)
    if (next === undefined) return end
    end = endOfQuoted(text, next - 1, "'", 'always').end
  }
}

function readParameter(text: string, at: number, dialect: Dialect): Piece | undefined {
  if (text[at] === '$' && dialect.dollarStrings) {
    const tag = endOf(DOLLAR_TAG, text, at)
    if (tag !== undefined) return literal(endAt(text, tag, text.slice(at, tag)).end)
  }
  const numbered = endOf(NUMBERED, text, at)
  if (numbered !== undefined && isNumbered(text[at], dialect)) {
    return { kind: 'parameter', end: numbered }
  }
  if (text[at] === '?') return { kind: 'parameter', end: at + 1 }
  const named = endOf(NAMED, text, at)
  return named === undefined ? undefined : { kind: 'parameter', end: named }
}

function isNumbered(sign: string | undefined, dialect: Dialect): boolean {
  if (sign === ':') return dialect.colonNumbers
  return sign === '?' || !dialect.dollarMoney
}

// `::type` is a cast, not a parameter named for the type.
function symbolLength(text: string, at: number): number {
  if (text.startsWith('::', at)) return 2
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

function literal(end: number): Piece {
  return { kind: 'literal', end }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
