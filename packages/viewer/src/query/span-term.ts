import { attribute, firstAttribute } from '../model/attributes.ts'
import { ALIASES, HTTP_STATUS } from '../model/conventions.ts'
import { ERROR, KINDS, type SpanRow, STATUSES } from '../model/rows.ts'
import { destinationOf } from '../trace/destination.ts'
import { createPartyIds } from '../trace/remote-call.ts'
import { selfNanos } from '../trace/self-time.ts'
import { isStatement, spanType } from '../trace/span-type.ts'
import { factsOf } from '../trace/trace-facts.ts'
import { spanOf } from '../trace/trace-record.ts'
import { attributeTest, resourceTest, type SpanTest } from './attribute-term.ts'
import { createComparison, createTest, durationOf, faultOf, faultOfTerm } from './compare.ts'
import type { Term } from './parse-query.ts'

const IS: Readonly<Record<string, SpanTest>> = {
  error: (span) => span.status === ERROR,
  origin: (span, record) => span.status === ERROR && factsOf(record).origins.has(span),
  root: (span) => span.parent === '',
  orphan: (span, record) => span.parent !== '' && spanOf(record, span.parent) === undefined,
  db: isStatement,
}

/**
 * The test that a term with a key puts to a span.
 *
 * @throws QueryError when its value does not fit
 */
export function createSpanTest(term: Term): SpanTest {
  if (term.isAttribute) return attributeTest(term)
  switch (term.key) {
    case 'service':
      return resourceTest(createTest(term), (resource) => resource.service)
    case 'name':
      return textTest(term, (span) => span.name)
    case 'id':
    case 'span':
      return textTest({ ...term, value: term.value.toLowerCase() }, (span) => span.id)
    case 'scope':
      return textTest(term, (span) => span.scope.name)
    case 'kind':
      return enumTest(term, KINDS, (span) => span.kind)
    case 'status':
      return statusTest(term)
    case 'dur':
    case 'duration': {
      const compare = createComparison(term, durationOf(term))
      return (span) => compare(span.duration)
    }
    case 'self': {
      const compare = createComparison(term, durationOf(term))
      return (span, record) => compare(selfNanos(record, span))
    }
    case 'is':
      return isTest(term)
    case 'calls': {
      const [test, idOf] = [createTest(term), createPartyIds()]
      return (span, record) => test(idOf(span, record))
    }
    case 'queue':
      return queueTest(term)
    case 'event':
      return eventNameTest(term)
    case 'has':
      return attributeTest({ ...term, key: term.value, operator: '=', value: '*' })
    default:
      return attributeTest(term)
  }
}

/** By the name that the map and the rows have, and by the name that was sent. */
function queueTest(term: Term): SpanTest {
  const test = createTest(term)
  const keys = ALIASES.get('queue') ?? []
  const isNegative = term.operator.startsWith('!')
  return (span) => {
    const sent = firstAttribute(span, keys) ?? attribute(span, 'queue')
    const shown = spanType(span) === 'messaging' ? destinationOf(span) || sent : sent
    return isNegative ? test(sent) && test(shown) : test(sent) || test(shown)
  }
}

function textTest(term: Term, read: (span: SpanRow) => string): SpanTest {
  const test = createTest(term)
  return (span) => test(read(span))
}

function isTest(term: Term): SpanTest {
  const test = Object.hasOwn(IS, term.value) ? IS[term.value] : undefined
  if (test === undefined || (term.operator !== ':' && term.operator !== '='))
    throw faultOf(
      term,
      `"is:" must be followed by one of: ${Object.keys(IS).join(', ')}, incomplete.`,
    )
  return test
}

function statusTest(term: Term): SpanTest {
  if (/^\d+$/.test(term.value)) {
    const test = createTest({ ...term, operator: term.operator === ':' ? '=' : term.operator })
    return (span) => test(firstAttribute(span, HTTP_STATUS))
  }
  return enumTest(term, STATUSES, (span) => span.status)
}

function enumTest(term: Term, names: readonly string[], read: (span: SpanRow) => number): SpanTest {
  const wanted = names.indexOf(term.value.toLowerCase())
  const message = `"${term.key}" must be one of: ${names.join(', ')}; compare it with : or !=.`
  if (![':', '=', '!='].includes(term.operator)) throw faultOfTerm(term, message)
  if (wanted < 0) throw faultOf(term, message)
  if (term.operator === '!=') return (span) => read(span) !== wanted
  return (span) => read(span) === wanted
}

function eventNameTest(term: Term): SpanTest {
  const test = createTest(term)
  return (span) => span.events.some(({ name }) => test(name)) || test(attribute(span, 'event'))
}
