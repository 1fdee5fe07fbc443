import { type Context, type Span, type SpanContext, SpanKind, trace } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'

/**
 * The CONSUMER span that another tracer has opened for this very message, in whose context the
 * handler was about to run; `undefined` when there is none.
 */
export function joinedSpan(active: Context, remote: SpanContext | undefined): Span | undefined {
  const span = trace.getSpan(active)
  if (span === undefined || remote === undefined || !span.isRecording()) return undefined
  if (span === scopeOf(active)?.served?.span) return undefined
  // A span of the SDK has a kind and a parent; the API's interface does not show them.
  const { kind, parentSpanContext } = span as {
    kind?: SpanKind
    parentSpanContext?: SpanContext
  }
  if (kind !== SpanKind.CONSUMER) return undefined
  return parentSpanContext?.spanId === remote.spanId ? span : undefined
}
