import { scopeOf } from '../context/scope.ts'
import { identityFields } from './registry.ts'
import { valueForLogs } from './value.ts'

/** The identity of the current request as log fields: `tenant_id`, `user_id` and what else is declared for logs. */
export function identityLogFields(): Record<string, string> {
  const fields: Record<string, string> = {}
  const scope = scopeOf()
  if (scope === undefined) return fields
  for (const field of identityFields()) {
    const value = scope.identity[field.index]
    if (value !== undefined && field.logs) fields[field.logName] = valueForLogs(field, value)
  }
  return fields
}
