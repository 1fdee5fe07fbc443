import type { Attributes } from '@opentelemetry/api'
import type { Warn } from '../report/warning.ts'

/** What stands for all values beyond the limit. */
const OTHER = '_OTHER'

/** Attributes of the conventions whose values the application or its peers choose. */
const OPEN_KEYS: readonly string[] = [
  'db.collection.name',
  'db.namespace',
  'db.operation.name',
  'db.query.summary',
  'error.type',
  'http.route',
  'messaging.consumer.group.name',
  'messaging.destination.name',
  'messaging.destination.template',
  'rpc.method',
  'server.address',
  'server.port',
  'url.template',
]

/** Changes the attributes of a measurement before it is added up; a processor of OpenTelemetry's views. */
export interface ValueBound {
  process(attributes: Attributes): Attributes
}

/**
 * Counts the values of each open attribute, and puts `_OTHER` in place of those that come after the
 * first `maxValues` of them: a series that is known keeps counting, and a new one still has all its
 * other attributes.
 */
export function createValueBound(maxValues: number, warn: Warn): ValueBound {
  const seen = new Map(OPEN_KEYS.map((key) => [key, new Set<unknown>()]))
  const isOver = (key: string, values: Set<unknown>, value: unknown): boolean => {
    if (value === undefined || values.has(value)) return false
    if (values.size < maxValues) {
      values.add(value)
      return false
    }
    if (!told.has(key)) {
      told.add(key)
      warn(
        `metrics: ${key} has more than ${maxValues} values; what comes now counts as ${OTHER} (metrics.maxValues)`,
      )
    }
    return true
  }
  const told = new Set<string>()
  return {
    process(attributes) {
      let bounded = attributes
      for (const [key, values] of seen) {
        if (!isOver(key, values, attributes[key])) continue
        if (bounded === attributes) bounded = { ...attributes }
        bounded[key] = OTHER
      }
      return bounded
    },
  }
}
