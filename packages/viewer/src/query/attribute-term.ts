import type { AttributeValue } from '../model/attribute-value.ts'
import { attribute, firstAttribute } from '../model/attributes.ts'
import { ALIASES } from '../model/conventions.ts'
import type { Resource, SpanRow } from '../model/rows.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { createTest, type Test } from './compare.ts'
import { distinctValues } from './distinct-values.ts'
import type { Term } from './parse-query.ts'

/** Tells whether a span of a trace is what a term asks for. */
export interface SpanTest {
  (span: SpanRow, record: TraceRecord): boolean
  /** False when no span of the trace can match, without testing each. */
  readonly mayHold?: (record: TraceRecord) => boolean
}

/** The test of an attribute of a span, else of its resource. */
export function attributeTest(term: Term): SpanTest {
  const keys = (term.isAttribute ? undefined : ALIASES.get(term.key)) ?? [term.key]
  const test = createTest(term)
  const ofResource = resourceTest(test, (resource) => firstAttribute(resource.attributes, keys))
  if (!term.isAttribute && term.key.startsWith('exception.')) return eventTest(term.key, test)
  const ofSpan = ofKeys(keys, test, ofResource)
  // Whether a span without the attribute passes as well cannot be seen from the values.
  return test(undefined) ? ofSpan : Object.assign(ofSpan, { mayHold: mayHoldOf(keys, test) })
}

function ofKeys(
  keys: readonly string[],
  test: Test,
  ofResource: (span: SpanRow) => boolean,
): (span: SpanRow) => boolean {
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

function mayHoldOf(keys: readonly string[], test: Test): (record: TraceRecord) => boolean {
  const valuesOf = distinctValues(keys)
  return (record) => valuesOf(record)?.some(test) ?? true
}

function eventTest(key: string, test: Test): SpanTest {
  return (span) =>
    test(attribute(span, key)) || span.events.some((event) => test(attribute(event, key)))
}

/** A test of the resource; the spans of one process share it, so the last answer mostly holds. */
export function resourceTest(
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
