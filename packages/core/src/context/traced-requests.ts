import type { Context } from '@opentelemetry/api'
import type { NodeRequest } from '../http/framework-request.ts'
import { TRACED_REQUESTS } from '../otel/shared-keys.ts'

/** What is kept with a request that is traced, for all who meet it later. */
export interface TracedRequest {
  /** The call that serves it; its context is the request's. */
  readonly call: { readonly context: Context } | undefined
  /** The name of the middleware or hook that was entered last. */
  step: string | undefined
}

// One map for every copy of this package. A mark on the request itself would cost more: a framework
// may have given it a hidden class of its own.
function tracedRequests(): WeakMap<object, TracedRequest> {
  const holder = globalThis as { [TRACED_REQUESTS]?: WeakMap<object, TracedRequest> }
  holder[TRACED_REQUESTS] ??= new WeakMap()
  requests = holder[TRACED_REQUESTS]
  return requests
}

let requests: WeakMap<object, TracedRequest> | undefined

/** What is kept with Node's own request, by whichever copy of this package; `undefined` when it is not traced. */
export function tracedRequest(req: unknown): TracedRequest | undefined {
  // A map of this kind answers `undefined` for whatever is not an object.
  return (requests ?? tracedRequests()).get(req as object)
}

/** Keeps something with Node's own request. */
export function keepTraced(req: NodeRequest, traced: TracedRequest): void {
  ;(requests ?? tracedRequests()).set(req, traced)
}
