import { type Context, createContextKey } from '@opentelemetry/api'

/** OpenTelemetry's own key: `suppressTracing` of its core package sets it. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Whether no spans are to be made in this context. */
export function isSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true
}
