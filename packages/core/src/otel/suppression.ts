import { type Context, ROOT_CONTEXT } from '@opentelemetry/api'
import { SUPPRESS_TRACING_KEY } from './shared-keys.ts'

/** Whether somebody has switched tracing off in a context: an exporter's own calls, an ignored request. */
export function isTracingSuppressed(within: Context): boolean {
  return within !== ROOT_CONTEXT && within.getValue(SUPPRESS_TRACING_KEY) === true
}

/** The same context with tracing switched off. */
export function suppressTracing(within: Context): Context {
  return within.setValue(SUPPRESS_TRACING_KEY, true)
}
