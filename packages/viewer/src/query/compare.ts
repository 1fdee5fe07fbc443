import type { AttributeValue } from '../model/attribute-value.ts'
import { textOf } from '../model/attributes.ts'
import { readDuration } from './duration-value.ts'
import type { Term } from './parse-query.ts'
import { QueryError } from './query-error.ts'

/** Tells whether a value, undefined when there is none, is what a term asks for. */
export type Test = (value: AttributeValue | undefined) => boolean

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
      throw faultOfTerm(term, `"${term.key}" is a number: compare it with = != > >= < <=.`)
  }
}

/** The term's value as a number. @throws QueryError when it is not a number */
export function numberOf(term: Term): number {
  const number = Number(term.value)
  if (Number.isNaN(number)) throw faultOf(term, `"${term.value}" is not a number.`)
  return number
}

/** The term's value as a duration in nanoseconds. @throws QueryError when it is not a duration */
export function durationOf(term: Term): number {
  const nanos = readDuration(term.value)
  if (nanos === undefined)
    throw faultOf(term, `"${term.value}" is not a duration: write 200ms, 1.5s, 300us or 1h30m.`)
  return nanos
}

/** The fault that a term's value has, where it stands. */
export function faultOf({ at, length, valueAt }: Term, message: string): QueryError {
  return new QueryError(message, valueAt, at + length - valueAt)
}

/** The fault of a term as a whole, whose key and operator do not go together. */
export function faultOfTerm({ at, length }: Term, message: string): QueryError {
  return new QueryError(message, at, length)
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
  const source = withoutSlashes(term.value)
  try {
    return new RegExp(source, 'iu')
  } catch (error) {
    // Without the flag u, "http\-x" and the like are understood.
    try {
      return new RegExp(source, 'i')
    } catch {
      const reason = error instanceof Error ? error.message : String(error)
      throw faultOf(term, `This is not a regular expression: ${reason}`)
    }
  }
}

/** Slashes on both sides enclose the expression; a single one is part of it. */
function withoutSlashes(value: string): string {
  return /^\/(.+)\/$/s.exec(value)?.[1] ?? value
}

function presentAnd(test: Test): Test {
  return (found) => found !== undefined && !test(found)
}
