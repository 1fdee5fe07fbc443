import type { Span } from '@opentelemetry/api'
import { KEEP_TOKEN, KEPT_TRACES } from '../keep/kept-headers.ts'
import { type TraceKeeper, traceKeeper } from '../keep/trace-keeper.ts'
import type { Carrier } from '../propagation/incoming-trace.ts'
import type { Arrival } from './arrival.ts'

type Asked = Pick<Arrival, 'decision' | 'remote'> & { readonly request: Pick<Carrier, 'header'> }

/**
 * Who decides whether the trace of a request is kept, where its caller may be told. A stranger learns
 * nothing, and is heard only with a token: kept or not would tell that something failed, or is watched.
 */
export function keeperOf(
  { decision, remote, request }: Asked,
  span: Span,
): TraceKeeper | undefined {
  const keeper = traceKeeper()
  if (keeper === undefined) return undefined
  const token = request.header(KEEP_TOKEN)
  if (token !== undefined) keeper.keepBy(span.spanContext().traceId, token)
  if (decision.caller !== 'internal' || remote === undefined) {
    return undefined
  }
  const rumours = request.header(KEPT_TRACES)
  if (rumours !== undefined) keeper.hear(rumours)
  return keeper
}
