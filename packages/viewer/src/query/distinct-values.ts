import type { AttributeValue } from '../model/attribute-value.ts'
import { firstAttribute } from '../model/attributes.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** Most values to remember of a trace; where there are more, each span is asked. */
const MAX_VALUES = 8
/** With fewer spans than this, asking each one is as fast. */
const MIN_SPANS = 4

/** What a trace has under the keys of a query: the different values, or undefined when they are many, or the spans few. */
export type ValuesOf = (record: TraceRecord) => readonly AttributeValue[] | undefined

/**
 * Reads the different values that the spans of a trace, or else their resources, have under the
 * first of these keys that is present. A trace remembers them for the keys asked last, until it
 * changes: after one tenant, a user asks for the next.
 */
export function distinctValues(keys: readonly string[]): ValuesOf {
  // A key may hold any character: joined by one, two lists could be taken for each other.
  const name = JSON.stringify(keys)
  return (record) => {
    if (record.spans.length < MIN_SPANS) return undefined
    const { version, distinct } = record
    if (distinct?.keys === name && distinct.version === version) return distinct.values
    const values = gather(record, keys)
    record.distinct = { version, keys: name, values }
    return values
  }
}

function gather(
  { spans }: TraceRecord,
  keys: readonly string[],
): readonly AttributeValue[] | undefined {
  const values: AttributeValue[] = []
  let last: AttributeValue | undefined
  for (const span of spans) {
    const own = firstAttribute(span, keys)
    const value = own === undefined ? firstAttribute(span.resource.attributes, keys) : own
    if (value === undefined || value === last) continue
    last = value
    if (values.includes(value)) continue
    if (values.length === MAX_VALUES) return undefined
    values.push(value)
  }
  return values
}
