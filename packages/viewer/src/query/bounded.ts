import { createContext, Script } from 'node:vm'
import { parseQuery } from './parse-query.ts'
import { QueryError } from './query-error.ts'

const script = new Script('work()')

/** True when a query has a regular expression, which can take for ever on a text of a few characters. */
export function hasPattern(query: string): boolean {
  return query.includes('~')
}

/**
 * Runs work that evaluates a query, and stops it when it takes longer: the user writes the regular
 * expressions, the senders the texts, and everything waits while one is matched. The work must change nothing.
 *
 * @throws QueryError at the regular expression
 */
export function runBounded<Result>(query: string, millis: number, work: () => Result): Result {
  try {
    return script.runInContext(createContext({ work }), { timeout: millis })
  } catch (error) {
    if (!isTimeout(error)) throw error
    const { at, length } = patternIn(query)
    throw new QueryError(
      `This regular expression took longer than ${millis / 1000} s; simplify it.`,
      at,
      length,
    )
  }
}

function isTimeout(error: unknown): boolean {
  const isError = typeof error === 'object' && error !== null && 'code' in error
  return isError && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

function patternIn(query: string): { at: number; length: number } {
  const term = parseQuery(query).find(({ operator }) => operator === '~' || operator === '!~')
  if (term === undefined) return { at: 0, length: query.length }
  return { at: term.valueAt, length: term.at + term.length - term.valueAt }
}
