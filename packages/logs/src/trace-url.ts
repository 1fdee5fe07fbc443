import { currentTrace } from '@callchain/core'

/** A URL with a placeholder for the trace: `https://jaeger.example/trace/{traceId}`. */
export type TraceUrlTemplate = `${string}{traceId}${string}`

/**
 * The URL at which the current trace can be viewed, for an error page or a log line: `{traceId}` and
 * `{spanId}` in the template are replaced by the ids, in lower-case hexadecimal digits. `undefined`
 * outside a trace, and in one that is not sampled, of which there is nothing to view.
 *
 * @example
 * ```ts
 * import { traceUrl } from '@callchain/logs'
 *
 * response.status(500).json({ trace: traceUrl('https://jaeger.example/trace/{traceId}') })
 * ```
 */
export function traceUrl(template: TraceUrlTemplate): string | undefined {
  const trace = currentTrace()
  if (trace === undefined || !trace.sampled) return undefined
  return template.replaceAll('{traceId}', trace.traceId).replaceAll('{spanId}', trace.spanId)
}
