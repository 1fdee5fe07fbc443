import { factsOf, isIncomplete } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { createComparison, createTest, durationOf, faultOf, numberOf } from './compare.ts'
import type { Term } from './parse-query.ts'

/** Tells whether a whole trace is what a term asks for. */
export type TraceTest = (record: TraceRecord) => boolean

const NUMBERS: Readonly<Record<string, (record: TraceRecord) => number>> = {
  'trace.spans': (record) => record.spans.length,
  'trace.errors': (record) => factsOf(record).errors,
  'trace.services': (record) => factsOf(record).services.length,
  'trace.repeated': (record) => factsOf(record).repeated,
}

/**
 * The test that a term puts to a whole trace; undefined when it is a term of spans.
 *
 * @throws QueryError when its value does not fit
 */
export function createTraceTest(term: Term): TraceTest | undefined {
  const { key } = term
  if (term.isAttribute) return undefined
  if (key === 'trace')
    return withTest({ ...term, value: term.value.toLowerCase() }, (record) => record.id)
  if (key === 'root.service')
    return withTest(term, (record) => factsOf(record).root?.resource.service)
  if (key === 'root.name') return withTest(term, (record) => factsOf(record).root?.name)
  if (key === 'trace.dur' || key === 'trace.duration') {
    const compare = createComparison(term, durationOf(term))
    return (record) => compare(record.duration)
  }
  if (key === 'trace.incomplete') return incompleteTest(term)
  if (key === 'is' && term.value === 'incomplete') return isIncomplete
  const read = Object.hasOwn(NUMBERS, key) ? NUMBERS[key] : undefined
  if (read === undefined) return undefined
  const compare = createComparison(term, numberOf(term))
  return (record) => compare(read(record))
}

function withTest(term: Term, read: (record: TraceRecord) => string | undefined): TraceTest {
  const test = createTest(term)
  return (record) => test(read(record))
}

function incompleteTest(term: Term): TraceTest {
  if (!['true', 'false'].includes(term.value) || ![':', '='].includes(term.operator))
    throw faultOf(term, 'Write trace.incomplete=true or trace.incomplete=false.')
  return (record) => isIncomplete(record) === (term.value === 'true')
}
