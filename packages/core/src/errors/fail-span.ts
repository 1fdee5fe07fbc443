import type { Context, Span } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { isHiddenError } from './database-error.ts'
import { markFailed } from './span-error.ts'

/**
 * Marks a span inside a request as failed, and hides of the error what a database's span in `within`
 * hides, or all but its class where `isHidden` is true.
 */
export function failSpan(
  span: Span,
  type: string,
  error: unknown,
  within: Context,
  isHidden = false,
): void {
  const scope = scopeOf(within)
  markFailed(span, type, error, isHidden || isHiddenError(error, (scope?.root ?? scope)?.served))
}
