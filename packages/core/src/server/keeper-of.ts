import { KEPT_TRACES } from '../keep/kept-headers.ts'
import { type TraceKeeper, traceKeeper } from '../keep/trace-keeper.ts'
import type { IncomingRequest } from './incoming-request.ts'

/**
 * Who decides whether the trace of a request is kept, where its caller may be told. A stranger learns
 * nothing, and is not heard: kept or not would tell that something failed, or is watched.
 */
export function keeperOf({
  decision,
  remote,
  request,
}: Pick<IncomingRequest, 'decision' | 'remote' | 'request'>): TraceKeeper | undefined {
  const keeper = traceKeeper()
  if (keeper === undefined || decision.caller !== 'internal' || remote === undefined) {
    return undefined
  }
  const rumours = request.header(KEPT_TRACES)
  if (rumours !== undefined) keeper.hear(rumours)
  return keeper
}
