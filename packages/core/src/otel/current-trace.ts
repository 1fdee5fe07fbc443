import { context, isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api'

/** The trace and span of the current context. */
export interface CurrentTrace {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string
  /** Whether the trace is sampled, and so can be looked up. */
  readonly sampled: boolean
  /** The trace flags as `traceparent` has them, two hexadecimal digits: `01`. */
  readonly traceFlags: string
}

/**
 * The trace of the code that asks; `undefined` outside of any.
 *
 * @example
 * ```js
 * app.use((error, req, res, next) => {
 *   res.status(500).json({ message: 'Sorry', traceId: currentTrace()?.traceId })
 * })
 * ```
 */
export function currentTrace(): CurrentTrace | undefined {
  return traceOf(trace.getSpanContext(context.active()))
}

/** A place in a trace as the code in it sees it; `undefined` for one that is not valid. */
export function traceOf(spanContext: SpanContext | undefined): CurrentTrace | undefined {
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined
  const { traceId, spanId, traceFlags } = spanContext
  return {
    traceId,
    spanId,
    sampled: (traceFlags & 1) === 1,
    traceFlags: `0${(traceFlags & 3).toString(16)}`,
  }
}
