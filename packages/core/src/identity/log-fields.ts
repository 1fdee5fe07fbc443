import { type Scope, scopeOf } from '../context/scope.ts'
import { identityFields } from './registry.ts'
import { valueForLogs } from './value.ts'

/** The identity of the current request as log fields: `tenant_id`, `user_id` and what else is declared for logs. */
export function identityLogFields(): Record<string, string> {
  const scope = scopeOf()
  return scope === undefined ? {} : logFieldsOf(scope)
}

/** The identity of a scope as log fields. */
export function logFieldsOf(scope: Scope): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const field of identityFields()) {
    const value = scope.identity[field.index]
    if (value !== undefined && field.logs) fields[field.logName] = valueForLogs(field, value)
  }
  return fields
}

/** The span attribute of the identity field that a log field is of, by the log field's name; undefined for any other. */
export function identityAttribute(logName: string): string | undefined {
  return identityFields().find((field) => field.logs && field.logName === logName)?.attribute
}
