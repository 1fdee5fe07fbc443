import { compareSince } from '../analysis/compare/compare-since.ts'
import { compareTraces, compareWithUsual } from '../analysis/compare/compare-traces.ts'
import type { Comparison, Mark } from '../contract/comparison.ts'
import { answerJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { queryOf, rangeOf } from '../http/parameters.ts'
import type { Exchange, Route, ViewerState } from '../ingest/viewer-state.ts'
import { findRecord } from './find-record.ts'

const MAX_MARKS = 50
const MAX_NAME = 60

/** Two traces next to each other, and what came before and after a moment. */
export const compareRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/api\/local\/traces\/([^/.]+)\/compare$/,
    answer({ state, response, groups, parameters }) {
      answerJson(response, comparisonOf(state, groups[0] ?? '', parameters.get('with') ?? ''))
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/local\/marks$/,
    answer: ({ state, response }) => answerJson(response, { marks: state.marks }),
  },
  {
    method: 'POST',
    pattern: /^\/api\/local\/marks$/,
    answer: ({ state, response, parameters }) =>
      answerJson(response, addMark(state, parameters.get('name') ?? '')),
  },
  { method: 'GET', pattern: /^\/api\/local\/changes$/, answer: changes },
]

function changes({ state, response, parameters }: Exchange): void {
  const since = momentOf(state, parameters.get('since') ?? '')
  const { from } = rangeOf(parameters)
  answerJson(response, compareSince(state.store, queryOf(parameters), { since, from }))
}

/**
 * A trace next to another, or to the median of its operation where no other is named.
 *
 * @throws HttpError 404 when one of them is not here, or when there is nothing to compare it with
 */
export function comparisonOf({ store }: ViewerState, id: string, other: string): Comparison {
  const after = findRecord(store, id)
  if (other !== '') return compareTraces(findRecord(store, other), after, store)
  const compared = compareWithUsual(after, store)
  if (compared !== undefined) return compared
  throw new HttpError(404, 'No other trace of this operation is here to compare it with.')
}

/** Marks this moment. @throws HttpError 400 when the name is too long or a number */
export function addMark(state: ViewerState, given: string): Mark {
  const name = given.trim() || `mark ${state.marks.length + 1}`
  if (name.length > MAX_NAME || /^-?\d+(?:ms|s|m|h)?$/.test(name))
    throw new HttpError(
      400,
      `A mark needs a name of at most ${MAX_NAME} characters that is not a number or a time.`,
    )
  const mark: Mark = { name, time: Date.now() }
  const others = state.marks.filter((each) => each.name !== name)
  state.marks.splice(0, state.marks.length, ...others.slice(1 - MAX_MARKS), mark)
  return mark
}

/**
 * A moment in milliseconds since 1970: of a number, of the name of a mark, or of the newest mark.
 *
 * @throws HttpError 400 when there is none
 */
export function momentOf({ marks }: ViewerState, text: string): number {
  const wanted = text.trim()
  if (/^-?\d+(?:\.\d+)?$/.test(wanted)) {
    const moment = Number(wanted)
    return moment < 0 ? Date.now() + moment : moment
  }
  const found = wanted === '' ? marks.at(-1) : marks.find(({ name }) => name === wanted)
  if (found !== undefined) return found.time
  const names = marks.map(({ name }) => `"${name}"`).join(', ')
  const which = names === '' ? 'No moment is marked yet' : `The marks are ${names}`
  throw new HttpError(400, `${which}; mark one with callchain mark, or give a time.`)
}
