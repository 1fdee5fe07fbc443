import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { ERROR_TYPE, EXCEPTION_STACKTRACE, EXCEPTION_TYPE } from '../http/attributes.ts'
import { emitLogLine } from '../otel/log-sink.ts'
import { sdkTraits } from '../otel/sdk-traits.ts'
import { errorName, isError } from './error-name.ts'

const FRAMES = /^(?:\n\s+at [^\n]*)+$/

/**
 * Marks a span as failed: status ERROR, `error.type`, and one exception event where there is an
 * exception. The event of one that is hidden has its class, and where it was thrown.
 */
export function markFailed(span: Span, type: string, error: unknown, isHidden = false): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute(ERROR_TYPE, type)
  if (error === undefined || error === null) return
  if (isHidden) recordHidden(span, error)
  else recordException(span, error)
}

/** Records an exception by its class, not by its code: that is `error.type`, or part of it. */
export function recordException(span: Span, error: unknown): void {
  if (!span.isRecording()) return
  try {
    const exception = isError(error) ? exceptionOf(error) : String(error)
    const { exceptions } = sdkTraits()
    if (exceptions !== undefined) logThrown(span, exception)
    if (exceptions !== 'logs') span.recordException(exception)
  } catch {
    // An exotic value, with a getter that throws: its type is on the span all the same.
  }
}

function logException(span: Span, msg: string, err: object): void {
  if (!span.isRecording()) return
  emitLogLine({
    context: trace.setSpan(context.active(), span),
    line: { level: 'error', msg, err },
  })
}

function logThrown(span: Span, exception: ThrownText): void {
  if (typeof exception === 'string') logException(span, exception, { message: exception })
  else {
    const { name, message, stack } = exception
    logException(span, message, { type: name, message, stack })
  }
}

/** What is recorded of what was thrown. */
type ThrownText = string | { name: string; message: string; stack?: string }

function exceptionOf(error: Error): Exclude<ThrownText, string> {
  const { message, stack } = error
  return { name: errorName(error), message, ...(typeof stack === 'string' && { stack }) }
}

function recordHidden(span: Span, error: unknown): void {
  const name = errorName(error)
  const frames = framesOf(error)
  const stack = frames && name + frames
  const { exceptions } = sdkTraits()
  if (exceptions !== undefined) logException(span, name, { type: name, stack })
  if (exceptions === 'logs') return
  span.addEvent('exception', {
    [EXCEPTION_TYPE]: name,
    ...(stack !== undefined && { [EXCEPTION_STACKTRACE]: stack }),
  })
}

// Only where the message can be told from what follows it, and nothing but frames does.
function framesOf(error: unknown): string | undefined {
  try {
    const { message, stack } = error as { message?: unknown; stack?: unknown }
    if (typeof message !== 'string' || message === '' || typeof stack !== 'string') return undefined
    const at = stack.indexOf(message)
    const frames = at === -1 ? '' : stack.slice(at + message.length)
    return FRAMES.test(frames) ? frames : undefined
  } catch {
    return undefined
  }
}
