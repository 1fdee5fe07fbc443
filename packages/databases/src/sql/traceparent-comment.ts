import type { DatabaseCall } from '@callchain/core'
import { isSpanContextValid } from '@opentelemetry/api'

// Also in a string: one comment too few does no harm.
const COMMENT = /--|\/\*|#/

/** A statement with the trace of its span as a comment; `undefined` where that would not be safe. */
export function withComment(text: string, { span }: DatabaseCall): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext()
  const isSampled = isSpanContextValid(span.spanContext()) && (traceFlags & 1) === 1
  if (!isSampled || text === '' || COMMENT.test(text)) return undefined
  const flags = (traceFlags & 0xff).toString(16).padStart(2, '0')
  const trimmed = text.trimEnd()
  const isClosed = trimmed.endsWith(';')
  const statement = isClosed ? trimmed.slice(0, -1) : trimmed
  const comment = `/*traceparent='00-${traceId}-${spanId}-${flags}'*/`
  return `${statement} ${comment}${isClosed ? ';' : ''}`
}
