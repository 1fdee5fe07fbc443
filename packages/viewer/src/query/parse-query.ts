import { QueryError } from './query-error.ts'

/** How a key's value is compared. `text` has no key. */
export type Operator = ':' | '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'text'

/** One term of a query, and where it stands. */
export interface Term {
  readonly negated: boolean
  readonly key: string
  readonly operator: Operator
  readonly value: string
  readonly at: number
  readonly length: number
}

const MAX_LENGTH = 2000
const MAX_TERMS = 32
const KEY_AND_OPERATOR = /([\w@$][\w.@$/-]*)(!=|!~|>=|<=|=|>|<|~|:)/y
const WORD = /[^\s"]+/y

/**
 * Splits a query into its terms; API.md, The query language.
 *
 * @throws QueryError when a quote is not closed or a value is missing
 */
export function parseQuery(query: string): Term[] {
  if (query.length > MAX_LENGTH)
    throw new QueryError(`A query is at most ${MAX_LENGTH} characters long.`, MAX_LENGTH, 1)
  const terms: Term[] = []
  let at = skipSpace(query, 0)
  while (at < query.length) {
    const { term, end } = readTerm(query, at)
    terms.push(term)
    if (terms.length > MAX_TERMS)
      throw new QueryError(`A query has at most ${MAX_TERMS} terms.`, at, end - at)
    at = skipSpace(query, end)
  }
  return terms
}

function readTerm(query: string, at: number): { term: Term; end: number } {
  const negated = query[at] === '!'
  const start = negated ? at + 1 : at
  KEY_AND_OPERATOR.lastIndex = start
  const match = KEY_AND_OPERATOR.exec(query)
  const [whole, key, operator] = match ?? ['', '', 'text']
  const valueAt = start + (whole?.length ?? 0)
  const { value, end } = readValue(query, valueAt)
  if (end === valueAt) throw missing(query, at, key ?? '', operator ?? '')
  const length = end - at
  const term = { negated, key: key ?? '', operator: asOperator(operator), value, at, length }
  return { term, end }
}

function missing(query: string, at: number, key: string, operator: string): QueryError {
  if (key === '') return new QueryError('Something must follow "!".', at, 1)
  const what = `${query[at] === '!' ? '!' : ''}${key}${operator}`
  return new QueryError(`A value must follow "${what}".`, at, what.length)
}

function readValue(query: string, at: number): { value: string; end: number } {
  if (query[at] === '"') return readQuoted(query, at)
  WORD.lastIndex = at
  const word = WORD.exec(query)?.[0] ?? ''
  return { value: word, end: at + word.length }
}

function readQuoted(query: string, at: number): { value: string; end: number } {
  let value = ''
  for (let index = at + 1; index < query.length; index++) {
    const character = query.charAt(index)
    if (character === '"') return { value, end: index + 1 }
    if (character === '\\' && /["\\]/.test(query.charAt(index + 1))) {
      value += query.charAt(index + 1)
      index += 1
    } else value += character
  }
  throw new QueryError('This quote is not closed.', at, query.length - at)
}

function skipSpace(query: string, from: number): number {
  let at = from
  while (at < query.length && /\s/.test(query.charAt(at))) at += 1
  return at
}

function asOperator(text: string | undefined): Operator {
  const known: readonly Operator[] = [':', '=', '!=', '>', '>=', '<', '<=', '~', '!~']
  return known.find((each) => each === text) ?? 'text'
}

/** A value as it must be written in a query. */
export function quoteValue(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
