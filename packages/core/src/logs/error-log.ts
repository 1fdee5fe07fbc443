import { type Attributes, type Context, context, type Span, trace } from '@opentelemetry/api'
import { type ServedRequest, scopeOf } from '../context/scope.ts'
import { isHiddenError, withoutHidden } from '../errors/database-error.ts'
import { errorName, isError } from '../errors/error-name.ts'
import { EXCEPTION_MESSAGE, EXCEPTION_TYPE, LOG_MESSAGE, LOG_SEVERITY } from '../http/attributes.ts'
import { REDACTED } from '../http/url-redaction.ts'
import { guard } from '../otel/guard.ts'

/** An error line, as its logger wrote it. */
export interface ErrorLog {
  /** The logger's name for its level: `error`, `fatal`. */
  readonly level: string
  readonly message: string
  /** The error that the line is about, or its `name` and `message` as the line has them. */
  readonly error?: unknown
}

/** Whether an error line that is logged in a context is to be recorded: `errorLogs` of `tracing()`. */
export function wantsErrorLog(within: Context = context.active()): boolean {
  const served = scopeOf(within)?.served
  return served?.errorLogs === true && recordingSpan(within, served.span) !== undefined
}

/** Records an error line as a `log` event of the span that it was logged in, where that is wanted. */
export function recordErrorLog(line: ErrorLog, within: Context = context.active()): void {
  const served = scopeOf(within)?.served
  if (served?.errorLogs !== true) return
  const { level, message, error } = line
  guard('errorLogs', () =>
    recordingSpan(within, served.span)?.addEvent('log', {
      [LOG_SEVERITY]: level.toUpperCase(),
      [LOG_MESSAGE]: withoutHidden(message, served, REDACTED),
      ...exceptionAttributes(error, served),
    }),
  )
}

// A span that has ended takes no more events; the request's own may still be open.
function recordingSpan(within: Context, served: Span): Span | undefined {
  const active = trace.getSpan(within)
  if (active?.isRecording()) return active
  return served.isRecording() ? served : undefined
}

function exceptionAttributes(error: unknown, served: ServedRequest): Attributes | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { name, message } = error as { name?: unknown; message?: unknown }
  if (typeof message !== 'string') return undefined
  const type = isError(error) || typeof name !== 'string' ? errorName(error) : name
  if (isHiddenError(error, served)) return { [EXCEPTION_TYPE]: type }
  return { [EXCEPTION_TYPE]: type, [EXCEPTION_MESSAGE]: message }
}
