import type { NodeRequest, TracingOptions } from '@callchain/core'
import { optionError, SYNC_FUNCTION } from '@callchain/core/internal'

/** Options of `traceListener()`: those of every adapter, and the route. */
export interface ListenerOptions<Request = NodeRequest> extends TracingOptions<Request> {
  /**
   * The template of a request's route, `/items/:id`, never its path; `undefined` where none matches. It is
   * asked when the request comes in, and again when its response is closed. `setRoute()` beats it.
   * Default: no route.
   */
  route?(request: Request): string | undefined
}

/** Takes the route from the options that are core's. Throws a TypeError for one that is not allowed. */
export function splitOptions<Request>(options: ListenerOptions<Request> = {}): {
  readonly route: (request: Request) => string | undefined
  readonly tracing: TracingOptions<Request>
} {
  const { route, ...tracing } = options
  if (route !== undefined && !SYNC_FUNCTION.holds(route)) {
    throw optionError('route of tracing()', route, SYNC_FUNCTION.allowed)
  }
  return { route: route ?? nothing, tracing }
}

function nothing(): undefined {}
