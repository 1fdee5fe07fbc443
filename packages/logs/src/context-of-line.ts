import { requestContextOf } from '@callchain/core/internal'
import { type Context, context, trace } from '@opentelemetry/api'

/**
 * The context of the request that a line names, when the active context is in another trace or in none:
 * Fastify writes `incoming request` before the request's context is active.
 */
export function contextOfLine(line: object): Context | undefined {
  const { req, res } = line as { req?: unknown; res?: unknown }
  if (req === undefined && res === undefined) return undefined
  const known = requestContextOf(req) ?? requestContextOf(res)
  if (known === undefined || traceIdOf(known) === traceIdOf(context.active())) return undefined
  return known
}

function traceIdOf(within: Context): string | undefined {
  return trace.getSpanContext(within)?.traceId
}
