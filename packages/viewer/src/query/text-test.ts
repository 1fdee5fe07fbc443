import type { AttributeValue } from '../model/attribute-value.ts'
import { type Attributes, textOf } from '../model/attributes.ts'
import type { LogRow, Resource, SpanRow } from '../model/rows.ts'
import type { Shape } from '../model/shape.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { createContains } from './compare.ts'
import { createIdTest } from './id-test.ts'

/** Looks for words everywhere in a span or a log line. */
export interface TextTest {
  /** With its trace, the trace's id is tested too. */
  readonly span: (span: SpanRow, record?: TraceRecord) => boolean
  readonly log: (log: LogRow) => boolean
}

/** A search for a text, ignoring case; for an id as well, when it is one. */
export function createTextTest(text: string): TextTest {
  const contains = createContains(text)
  const isNumber = /^[\d.eE+-]+$/.test(text)
  const value = (each: AttributeValue): boolean => {
    if (typeof each === 'string') return contains(each)
    if (typeof each === 'number') return isNumber && String(each).includes(text)
    return typeof each === 'object' && each !== null && contains(textOf(each))
  }
  // Most values repeat from one span to the next: what did not match there is not searched again.
  const misses = new WeakMap<Shape, AttributeValue[]>()
  const anyValue = ({ shape, values }: Attributes): boolean => {
    const missed = missesOf(shape, misses)
    for (let at = 0; at < values.length; at++) {
      const each = values[at] ?? null
      if (each === missed[at]) continue
      if (value(each)) return true
      missed[at] = each
    }
    return false
  }
  const name = unlessMissed(contains)
  const anyEvent = (events: SpanRow['events']): boolean => {
    for (const event of events) if (contains(event.name) || anyValue(event)) return true
    return false
  }
  const id = createIdTest(text)
  const service = oncePerResource((resource) => contains(resource.service))
  return {
    span: (span, record) =>
      id?.span(span, record) ||
      name(span.name) ||
      service(span.resource) ||
      (span.message !== '' && contains(span.message)) ||
      anyValue(span) ||
      (span.events.length > 0 && anyEvent(span.events)),
    log: (log) =>
      id?.log(log) ||
      value(log.body) ||
      service(log.resource) ||
      anyValue(log) ||
      contains(log.event),
  }
}

function missesOf(shape: Shape, misses: WeakMap<Shape, AttributeValue[]>): AttributeValue[] {
  let missed = misses.get(shape)
  if (missed === undefined) {
    missed = []
    misses.set(shape, missed)
  }
  return missed
}

function unlessMissed(contains: (text: string) => boolean): (text: string) => boolean {
  let missed: string | undefined
  return (text) => {
    if (text === missed) return false
    if (contains(text)) return true
    missed = text
    return false
  }
}

function oncePerResource(test: (resource: Resource) => boolean): (resource: Resource) => boolean {
  const answers = new Map<Resource, boolean>()
  return (resource) => {
    let answer = answers.get(resource)
    if (answer === undefined) {
      answer = test(resource)
      answers.set(resource, answer)
    }
    return answer
  }
}
