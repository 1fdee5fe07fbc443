import { type Span, SpanStatusCode } from '@opentelemetry/api'
import { ERROR_TYPE } from './attributes.ts'

/** The value of `error.type` for an error without a class or code to name it. */
export const OTHER_ERROR = '_OTHER'

/**
 * A name of low cardinality for what went wrong (`error.type`, semantic conventions): the error's own
 * class, or its code where the class says nothing. Never throws, whatever was thrown.
 */
export function errorType(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return OTHER_ERROR
    const { name, code } = error as { name?: unknown; code?: unknown }
    if (typeof name === 'string' && name !== '' && name !== 'Error') return name
    if (typeof code === 'string' && code !== '') return code
    return error instanceof Error ? 'Error' : OTHER_ERROR
  } catch {
    return OTHER_ERROR
  }
}

/** Marks a span as failed: status ERROR, `error.type`, and one exception event where there is an exception. */
export function markFailed(span: Span, type: string, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute(ERROR_TYPE, type)
  if (error !== undefined && error !== null) recordException(span, error)
}

function recordException(span: Span, error: unknown): void {
  if (!span.isRecording()) return
  try {
    span.recordException(error instanceof Error ? error : String(error))
  } catch {
    // An exotic value, with a getter that throws: its type is on the span all the same.
  }
}
