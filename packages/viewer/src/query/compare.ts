import { type AttributeValue, textOf } from '../model/attributes.ts'
import type { Term } from './parse-query.ts'
import { QueryError } from './query-error.ts'

/** Tells whether a value, undefined when there is none, is what a term asks for. */
export type Test = (value: AttributeValue | undefined) => boolean

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/**
 * The test that a term puts to a value.
 *
 * @throws QueryError when the term's value does not fit its operator
 */
export function createTest(term: Term): Test {
  const { operator, value } = term
  if (operator === '=' && value === '*') return (found) => found !== undefined
  if (operator === ':' || operator === 'text') return containsTest(value)
  if (operator === '=') return equalsTest(value)
  if (operator === '!=') return presentAnd(equalsTest(value))
  if (operator === '~') return regexTest(term)
  if (operator === '!~') return presentAnd(regexTest(term))
  const compare = createComparison(term, numberOf(term))
  return (found) => {
    const number = typeof found === 'string' && found !== '' ? Number(found) : found
    return (typeof number === 'number' || typeof number === 'bigint') && compare(Number(number))
  }
}

/** A test of numbers; `limit` is what the term's value means. */
export function createComparison(term: Term, limit: number): (found: number) => boolean {
  switch (term.operator) {
    case '>':
      return (found) => found > limit
    case '>=':
      return (found) => found >= limit
    case '<':
      return (found) => found < limit
    case '<=':
      return (found) => found <= limit
    case '!=':
      return (found) => found !== limit
    case '=':
    case ':':
      return (found) => found === limit
    default:
      throw faultOf(term, `"${term.key}" is a number: compare it with = != > >= < <=.`)
  }
}

/** The term's value as a number. @throws QueryError when it is none */
export function numberOf(term: Term): number {
  const number = Number(term.value)
  if (Number.isNaN(number)) throw faultOf(term, `"${term.value}" is not a number.`)
  return number
}

/** The term's value as a duration in nanoseconds. @throws QueryError when it is none */
export function durationOf(term: Term): number {
  const match = /^(\d+(?:\.\d*)?|\.\d+)([a-zµμ]*)$/.exec(term.value)
  const unit = UNITS[match?.[2] || 'ms']
  if (match === null || unit === undefined)
    throw faultOf(term, `"${term.value}" is not a duration: write 200ms, 1.5s or 300us.`)
  return Number(match[1]) * unit
}

/** The fault that a term has, where it stands. */
export function faultOf(term: Term, message: string): QueryError {
  return new QueryError(message, term.at, term.length)
}

/** Tells whether a text contains another, ignoring case. */
export function createContains(part: string): (text: string) => boolean {
  const lower = part.toLowerCase()
  // The exact form is tried first: a case-sensitive search is many times as fast.
  const pattern = new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')
  if (lower === part.toUpperCase()) return (text) => text.includes(part)
  return (text) => text.length >= part.length && (text.includes(part) || pattern.test(text))
}

function containsTest(part: string): Test {
  const contains = createContains(part)
  return (found) => found !== undefined && contains(textOf(found))
}

function equalsTest(value: string): Test {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return (found) => {
    if (typeof found === 'string') return found === value
    if (typeof found === 'number') return found === number
    return found !== undefined && textOf(found) === value
  }
}

function regexTest(term: Term): Test {
  const pattern = compile(term)
  return (found) => found !== undefined && pattern.test(textOf(found))
}

function compile(term: Term): RegExp {
  try {
    return new RegExp(term.value, 'iu')
  } catch (error) {
    // Without the flag u, "http\-x" and the like are understood.
    try {
      return new RegExp(term.value, 'i')
    } catch {
      const reason = error instanceof Error ? error.message : String(error)
      throw faultOf(term, `This is not a regular expression: ${reason}`)
    }
  }
}

function presentAnd(test: Test): Test {
  return (found) => found !== undefined && !test(found)
}
