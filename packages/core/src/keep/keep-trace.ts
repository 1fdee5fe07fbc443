import { trace } from '@opentelemetry/api'
import { guard } from '../otel/guard.ts'
import { traceKeeper } from './trace-keeper.ts'

/**
 * Keeps the trace that is active, whatever its share: this part, what comes below it, and, by the
 * answer, what is above it. It needs `keep` of `startTracing()`. Never throws.
 *
 * @param note why, as `callchain.kept.note` of the part's first span; not for secrets
 * @returns whether there was a trace to keep and somebody to keep it
 * @example
 * ```ts
 * app.post('/orders', (req, res) => {
 *   if (req.query.support !== undefined) keepTrace('support case 4711')
 *   res.sendStatus(202)
 * })
 * ```
 */
export function keepTrace(note?: string): boolean {
  const keeper = traceKeeper()
  const context = trace.getActiveSpan()?.spanContext()
  if (keeper === undefined || context === undefined || !trace.isSpanContextValid(context)) {
    return false
  }
  guard('keeping a trace', () => keeper.keep(context.traceId, note))
  return true
}
