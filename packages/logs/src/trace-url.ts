import { currentTrace } from '@callchain/core'

/** An address with a place for the trace: `https://jaeger.example/trace/{traceId}`. */
export type TraceUrlTemplate = `${string}{traceId}${string}`

/**
 * The address at which the current trace can be looked at, for an error page or a log line:
 * `{traceId}` and, where it stands, `{spanId}` in the template are replaced by the ids, in lower-case
 * hexadecimal digits. `undefined` outside a trace, and in one that is not sampled: there is nothing
 * to look at.
 */
export function traceUrl(template: TraceUrlTemplate): string | undefined {
  const trace = currentTrace()
  if (trace === undefined || !trace.sampled) return undefined
  return template.replaceAll('{traceId}', trace.traceId).replaceAll('{spanId}', trace.spanId)
}
