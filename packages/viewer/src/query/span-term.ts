import { selfNanos } from '../analysis/self-time.ts'
import { spanType } from '../analysis/span-type.ts'
import { type AttributeValue, attribute, firstAttribute } from '../model/attributes.ts'
import { ALIASES, HTTP_STATUS } from '../model/conventions.ts'
import { ERROR, KINDS, type Resource, type SpanRow, STATUSES } from '../model/rows.ts'
import { spanOf, type TraceRecord } from '../store/trace-record.ts'
import {
  createComparison,
  createTest,
  durationOf,
  faultOf,
  faultOfTerm,
  type Test,
} from './compare.ts'
import type { Term } from './parse-query.ts'

/** Tells whether a span of a trace is what a term asks for. */
export type SpanTest = (span: SpanRow, record: TraceRecord) => boolean

const IS: Readonly<Record<string, SpanTest>> = {
  error: (span) => span.status === ERROR,
  root: (span) => span.parent === '',
  orphan: (span, record) => span.parent !== '' && spanOf(record, span.parent) === undefined,
  db: (span) => spanType(span) === 'db',
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
    case 'event':
      return eventNameTest(term)
    case 'has':
      return attributeTest({ ...term, key: term.value, operator: '=', value: '*' })
    default:
      return attributeTest(term)
  }
}

function textTest(term: Term, read: (span: SpanRow) => string): SpanTest {
  const test = createTest(term)
  return (span) => test(read(span))
}

function isTest(term: Term): SpanTest {
  const test = Object.hasOwn(IS, term.value) ? IS[term.value] : undefined
  if (test === undefined || (term.operator !== ':' && term.operator !== '='))
    throw faultOf(term, `After "is:" comes one of: ${Object.keys(IS).join(', ')}, incomplete.`)
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
  const message = `"${term.key}" is one of: ${names.join(', ')}; compare it with : or !=.`
  if (![':', '=', '!='].includes(term.operator)) throw faultOfTerm(term, message)
  if (wanted < 0) throw faultOf(term, message)
  if (term.operator === '!=') return (span) => read(span) !== wanted
  return (span) => read(span) === wanted
}

function attributeTest(term: Term): SpanTest {
  const keys = (term.isAttribute ? undefined : ALIASES.get(term.key)) ?? [term.key]
  const test = createTest(term)
  const ofResource = resourceTest(test, (resource) => firstAttribute(resource.attributes, keys))
  if (!term.isAttribute && term.key.startsWith('exception.')) return eventTest(term.key, test)
  if (keys.length > 1)
    return (span) => {
      const value = firstAttribute(span, keys)
      return value === undefined ? ofResource(span) : test(value)
    }
  const [key = ''] = keys
  return (span) => {
    const position = span.shape.positions.get(key)
    return position === undefined ? ofResource(span) : test(span.values[position])
  }
}

function eventNameTest(term: Term): SpanTest {
  const test = createTest(term)
  return (span) => span.events.some(({ name }) => test(name)) || test(attribute(span, 'event'))
}

function eventTest(key: string, test: Test): SpanTest {
  return (span) =>
    test(attribute(span, key)) || span.events.some((event) => test(attribute(event, key)))
}

/** A test of the resource; the spans of one process share it, so the last answer mostly holds. */
function resourceTest(
  test: Test,
  read: (resource: Resource) => AttributeValue | undefined,
): (span: SpanRow) => boolean {
  const answers = new WeakMap<Resource, boolean>()
  let last: Resource | undefined
  let lastAnswer = false
  return ({ resource }) => {
    if (resource === last) return lastAnswer
    last = resource
    lastAnswer = answers.get(resource) ?? test(read(resource))
    answers.set(resource, lastAnswer)
    return lastAnswer
  }
}
