import { endOfComment } from './comment.ts'
import type { Dialect } from './dialect.ts'
import { createDataFinder } from './inline-data.ts'
import { isNamePlace } from './name-place.ts'
import { endAt, endOfOracleQuote, endOfQuoted, endOfString } from './quoted.ts'
import { endOfRegex } from './regex.ts'
import type { SqlToken } from './token.ts'

interface Piece {
  /** `either`: a name or a string, depending on where it stands. */
  readonly kind: SqlToken['kind'] | 'either'
  readonly end: number
}

const SPACE = /[\s\0]+/y
const WORD = /[\p{L}_\u0080-\u{10ffff}][\p{L}\w$\u0080-\u{10ffff}]*/uy
const NUMBER = /(?:(?!\$)\p{Sc})?\.?\d(?:[eE][+-]?\d|[\w.$\u0080-\u{10ffff}])*/uy
// Also one that the end of the text has cut off.
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{8}-[\da-f-]{0,26}$/iy
// PostgreSQL continues a string after white space that contains a line end, or after a comment.
const CONTINUED = /(?:\s|--[^\r\n]*[\r\n])+'/y
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
// SQLite's highest is ?32766, PostgreSQL's $65535: a longer number is not a parameter.
const NUMBERED = /[?$:]\d{1,5}(?![\w.$])/y
/** The longest `[…]` of SQL Server, with every `]` doubled. */
const MAX_BRACKETED_CHARACTERS = 258
const NAMED = /(?:[:$@]|@@)[\p{L}_][\p{L}\w$]*/uy

/** Takes a statement apart. Never throws, and takes time in proportion to the text. */
export function tokenizeSql(text: string, dialect: Dialect): SqlToken[] {
  const tokens: SqlToken[] = []
  const findData = createDataFinder(text, dialect)
  let at = 0
  let spaced = false
  while (at < text.length) {
    const skipped = endOf(SPACE, text, at) ?? endOfComment(text, at, dialect)
    if (skipped !== undefined) {
      at = skipped
      spaced = true
      continue
    }
    const { kind, end } = readNext(tokens, text, at, dialect)
    tokens.push({ kind, text: kind === 'literal' ? '?' : text.slice(at, end), spaced })
    at = end
    spaced = false
    const data = kind === 'symbol' ? undefined : findData(tokens, at)
    if (data === undefined) continue
    tokens.push({ kind: 'literal', text: '?', spaced: true })
    break
  }
  return tokens
}

function readNext(
  tokens: readonly SqlToken[],
  text: string,
  at: number,
  dialect: Dialect,
): Pick<SqlToken, 'kind'> & Pick<Piece, 'end'> {
  const regex = endOfRegex(tokens, text, at, dialect)
  if (regex !== undefined) return { kind: 'literal', end: regex }
  const { kind, end } = readPiece(text, at, dialect)
  if (kind !== 'either') return { kind, end }
  return { kind: isNamePlace(tokens, text, end) ? 'name' : 'literal', end }
}

function readPiece(text: string, at: number, dialect: Dialect): Piece {
  const first = text[at]
  if (first === "'") return literal(endOfString(text, at, "'", dialect).end)
  if (first === '"') return readDoubleQuoted(text, at, dialect)
  if (first === '`') return readName(text, at, '`', dialect.isUnknown ? 'unknown' : 'never')
  if (first === '[' && dialect.bracketNames === 'yes') return readName(text, at, ']')
  if (dialect.isUnknown && first !== undefined && mayHoldQuote(text, at, CLOSERS[first])) {
    return literal(text.length)
  }
  const number = (dialect.isUnknown ? endOf(UUID, text, at) : undefined) ?? endOf(NUMBER, text, at)
  if (number !== undefined) return literal(number)
  const word = endOf(WORD, text, at)
  if (word !== undefined) return readWord(text, at, word, dialect)
  return readParameter(text, at, dialect) ?? { kind: 'symbol', end: at + symbolLength(text, at) }
}

const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '{': '}' }

function readDoubleQuoted(text: string, at: number, dialect: Dialect): Piece {
  if (dialect.doubleQuoted === 'string') return literal(endOfString(text, at, '"', dialect).end)
  const { kind, end } = readName(text, at, '"')
  return { kind: kind === 'name' && dialect.doubleQuoted === 'either' ? 'either' : kind, end }
}

function readName(
  text: string,
  at: number,
  quote: string,
  backslash: Dialect['backslash'] = 'never',
): Piece {
  const { end, closed } = endOfQuoted(text, at, quote, backslash)
  return closed ? { kind: 'name', end } : literal(end)
}

// In `[it's]` a string begins unless it is a name, and in `{it's}` unless it is a comment of Informix;
// in `['a']` none is open after it in any reading.
function mayHoldQuote(text: string, at: number, closer: string | undefined): boolean {
  if (closer === undefined) return false
  const ahead = text.slice(at, at + MAX_BRACKETED_CHARACTERS)
  const { end, closed } = endOfQuoted(ahead, 0, closer, 'never')
  const inside = ahead.slice(0, end)
  return closed && ["'", '"', '`'].some((quote) => inside.split(quote).length % 2 === 0)
}

function readWord(text: string, at: number, end: number, dialect: Dialect): Piece {
  const word = text.slice(at, end).toLowerCase()
  if (word === 'true' || word === 'false') return literal(end)
  if (dialect.isUnknown && NUMBER_WORDS.has(word)) return literal(end)
  const string = text[end] === "'" ? endOfPrefixed(word, text, end, dialect) : undefined
  return string === undefined ? { kind: 'word', end } : literal(string)
}

// A word right before a quote may say how to read it: E'…', N'…', X'…', U&'…', q'[…]'.
function endOfPrefixed(
  word: string,
  text: string,
  at: number,
  dialect: Dialect,
): number | undefined {
  if (word === 'n' || (dialect.isUnknown && PREFIXES.has(word))) {
    return endOfString(text, at, "'", dialect).end
  }
  if (word === 'e' || (word === 'b' && dialect.escapedBytes)) return endOfEscaped(text, at)
  if (word === 'x' || word === 'b') return endOfQuoted(text, at, "'", 'never').end
  const isOracle = (word === 'q' || word === 'nq') && dialect.quoteOperator
  return isOracle ? endOfOracleQuote(text, at + 1).end : undefined
}

const NUMBER_WORDS: ReadonlySet<string> = new Set(['nan', 'inf', 'infinity'])
/** The word right before a string, which changes the meaning of the string for some systems. */
const PREFIXES: ReadonlySet<string> = new Set(['e', 'b', 'x'])

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
