import { QueryError } from './query-error.ts'
import { checkWord } from './suspicious-word.ts'

/** How a key's value is compared. `text` has no key. */
export type Operator = ':' | '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'text'

/** One term of a query, and where it and its value stand. */
export interface Term {
  readonly negated: boolean
  readonly key: string
  /** The key stood in quotes: it is an attribute's, also where a key of the language has its name. */
  readonly isAttribute: boolean
  readonly operator: Operator
  readonly value: string
  readonly at: number
  readonly length: number
  /** With its quotes, when it has some. */
  readonly valueAt: number
  /** How many `&&` stand before it. */
  readonly part: number
}

const MAX_LENGTH = 2000
const MAX_TERMS = 32
const KEY = /[\w@$][\w.@$/-]*(?=!=|!~|[=<>~:])/y
const OPERATOR = /!=|!~|>=|<=|[=<>~:]/y
const WORD = /[^\s"]+/y

/**
 * Splits a query into its terms; API.md, The query language.
 *
 * @throws QueryError when a quote is not closed, a value is missing, or a word belongs to another language
 */
export function parseQuery(query: string): Term[] {
  if (query.length > MAX_LENGTH)
    throw new QueryError(`A query can be at most ${MAX_LENGTH} characters long.`, MAX_LENGTH, 1)
  const terms: Term[] = []
  let part = 0
  let at = skipSpace(query, 0)
  while (at < query.length) {
    if (isAnd(query, at)) {
      if (terms.at(-1)?.part !== part || skipSpace(query, at + 2) === query.length)
        throw new QueryError('A term must stand on both sides of "&&".', at, 2)
      part += 1
      at = skipSpace(query, at + 2)
      continue
    }
    const { term, end } = readTerm(query, at)
    terms.push({ ...term, part })
    if (terms.length > MAX_TERMS)
      throw new QueryError(`A query can have at most ${MAX_TERMS} terms.`, at, end - at)
    at = skipSpace(query, end)
  }
  return terms
}

function isAnd(query: string, at: number): boolean {
  return /^&&(?:\s|$)/.test(query.slice(at, at + 3))
}

function readTerm(query: string, at: number): { term: Omit<Term, 'part'>; end: number } {
  const negated = query[at] === '!'
  const start = negated ? at + 1 : at
  if (negated && query[start] === '!') throw new QueryError('Write only one "!".', at, 2)
  const { key, operator, end: valueAt, isAttribute } = readKey(query, start)
  const { value, end } = readValue(query, valueAt)
  if (end === valueAt) throw missing(query, at, valueAt)
  if (operator === 'text') checkWord(query, at, end)
  const term = { negated, key, isAttribute, operator, value, at, length: end - at, valueAt }
  return { term, end }
}

interface Key {
  readonly key: string
  readonly isAttribute: boolean
  readonly operator: Operator
  /** Where the value begins. */
  readonly end: number
}

function readKey(query: string, at: number): Key {
  const isAttribute = query[at] === '"'
  const { value: key, end } = isAttribute ? readQuoted(query, at) : match(KEY, query, at)
  const { value: operator, end: valueAt } = match(OPERATOR, query, end)
  if (key === '' || operator === '')
    return { key: '', isAttribute: false, operator: 'text', end: at }
  return { key, isAttribute, operator: asOperator(operator), end: valueAt }
}

function missing(query: string, at: number, valueAt: number): QueryError {
  const what = query.slice(at, valueAt)
  if (what === '!') return new QueryError('Something must follow "!".', at, 1)
  return new QueryError(`A value must follow "${what}".`, at, what.length)
}

interface Part {
  readonly value: string
  readonly end: number
}

function readValue(query: string, at: number): Part {
  return query[at] === '"' ? readQuoted(query, at) : match(WORD, query, at)
}

/** What matches there, '' when nothing does. */
function match(pattern: RegExp, query: string, at: number): Part {
  pattern.lastIndex = at
  const value = pattern.exec(query)?.[0] ?? ''
  return { value, end: at + value.length }
}

function readQuoted(query: string, at: number): Part {
  let value = ''
  for (let index = at + 1; index < query.length; index++) {
    const character = query.charAt(index)
    if (character === '"') return { value, end: index + 1 }
    if (character === '\\' && /["\\]/.test(query.charAt(index + 1))) {
      value += query.charAt(index + 1)
      index += 1
    } else value += character
  }
  throw new QueryError('The closing quote is missing.', at, query.length - at)
}

function skipSpace(query: string, from: number): number {
  let at = from
  while (at < query.length && /\s/.test(query.charAt(at))) at += 1
  return at
}

function asOperator(text: string): Operator {
  const known: readonly Operator[] = [':', '=', '!=', '>', '>=', '<', '<=', '~', '!~']
  return known.find((each) => each === text) ?? 'text'
}

/** A value as it must be written in a query. */
export function quoteValue(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
