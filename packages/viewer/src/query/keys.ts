import type { Term } from './parse-query.ts'
import { QueryError } from './query-error.ts'

/** The keys of the language, in the order in which they are proposed; every other is an attribute's. */
export const KEYS: readonly string[] = [
  ...['service', 'status', 'dur', 'name', 'kind', 'tenant', 'user', 'route', 'method', 'sql', 'db'],
  'queue',
  ...[
    'is',
    'has',
    'calls',
    'self',
    'scope',
    'event',
    'trace',
    'trace.dur',
    'trace.spans',
    'trace.errors',
  ],
  ...['trace.services', 'trace.repeated', 'trace.incomplete', 'root.service', 'root.name'],
  ...['level', 'body', 'id'],
]

/**
 * Refuses a key of the language in another case, which would be an attribute that nothing has.
 *
 * @throws QueryError that says how it is written
 */
export function checkKey({ key, isAttribute, negated, at }: Term): void {
  const lower = key.toLowerCase()
  if (isAttribute || lower === key || !KEYS.includes(lower)) return
  const message = `Keys are in lower case: write ${lower}, or "${key}" in quotes for an attribute of this name.`
  throw new QueryError(message, negated ? at + 1 : at, key.length)
}
