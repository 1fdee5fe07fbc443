import { KEPT_TRACES } from '../keep/kept-headers.ts'
import { type TraceKeeper, traceKeeper } from '../keep/trace-keeper.ts'
import type { Carrier } from '../propagation/incoming-trace.ts'
import type { Arrival } from './arrival.ts'

/**
 * Who decides whether the trace of a request is kept, where its caller may be told. A stranger learns
 * nothing, and is not heard: kept or not would tell that something failed, or is watched.
 */
export function keeperOf({
  decision,
  remote,
  request,
}: Pick<Arrival, 'decision' | 'remote'> & {
  readonly request: Pick<Carrier, 'header'>
}): TraceKeeper | undefined {
  const keeper = traceKeeper()
  if (keeper === undefined || decision.caller !== 'internal' || remote === undefined) {
    return undefined
  }
  const rumours = request.header(KEPT_TRACES)
  if (rumours !== undefined) keeper.hear(rumours)
  return keeper
}
