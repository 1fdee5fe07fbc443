import { compileQuery, type Query } from '../query/compile-query.ts'
import type { TimeRange } from '../query/time-range.ts'
import { HttpError } from './errors.ts'

/** The query string of a request, of which only these parameters are read. */
export interface QueryString<Name extends string> {
  readonly get: (name: Name) => string | null
}

/** The query of `q`. @throws QueryError */
export function queryOf(parameters: QueryString<'q'>): Query {
  return compileQuery(parameters.get('q') ?? '')
}

/** The range of `from` and `to`. @throws HttpError 400 */
export function rangeOf(parameters: QueryString<'from' | 'to'>): TimeRange {
  const from = numberOf(parameters, 'from')
  return {
    from: from !== undefined && from < 0 ? Date.now() + from : from,
    to: numberOf(parameters, 'to'),
  }
}

/** A number; undefined when the parameter is absent. @throws HttpError 400 */
export function numberOf<Name extends string>(
  parameters: QueryString<Name>,
  name: Name,
): number | undefined {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  const number = Number(text)
  if (Number.isFinite(number)) return number
  throw new HttpError(400, `"${name}" is not a number: ${text.slice(0, 50)}`)
}

/** `limit`, a whole number from 1; more than the most is the most. @throws HttpError 400 */
export function limitOf(parameters: QueryString<'limit'>, usual = 100, most = 1000): number {
  const limit = numberOf(parameters, 'limit') ?? usual
  if (!Number.isInteger(limit) || limit < 1)
    throw new HttpError(400, `"limit" must be a whole number from 1, not ${limit}.`)
  return Math.min(most, limit)
}

/** `limit` as clients of others send it: what makes no sense is brought between 1 and the most. @throws HttpError 400 */
export function lenientLimitOf(parameters: URLSearchParams, usual: number, most: number): number {
  const limit = numberOf(parameters, 'limit') ?? usual
  return Math.min(most, Math.max(1, Math.floor(limit)))
}

/** `cursor`, the `next` of an answer; '' when it is absent. @throws HttpError 400 when it has another form */
export function cursorOf(parameters: QueryString<'cursor'>, form: RegExp): string {
  const cursor = parameters.get('cursor') ?? ''
  if (cursor === '' || form.test(cursor)) return cursor
  throw new HttpError(
    400,
    '"cursor" is not a cursor of this list: send the "next" of an earlier answer.',
  )
}

/** One of several words; the first is the default. @throws HttpError 400 */
export function choiceOf<Name extends string, Choice extends string>(
  parameters: QueryString<Name>,
  name: Name,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const text = parameters.get(name) ?? ''
  if (text === '') return choices[0]
  const found = choices.find((each) => each === text)
  if (found !== undefined) return found
  throw new HttpError(400, `"${name}" must be one of: ${choices.join(', ')}.`)
}
