import { type Context, isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api'

/** What was valid last: the sampler asks for the parent that the tracer has asked for. */
let lastValid: SpanContext | undefined

/** The span that a new one in this context is the child of, if it is valid. */
export function parentOf(context: Context): SpanContext | undefined {
  const parent = trace.getSpanContext(context)
  if (parent === undefined || parent === lastValid) return parent
  if (!isSpanContextValid(parent)) return undefined
  lastValid = parent
  return parent
}
