import { types } from 'node:util'
import {
  createServerTracer,
  inRequest,
  type NodeRequest,
  type NodeResponse,
  runIn,
  traceNodeRequest,
} from '@callchain/core'
import { ListenedRequest } from './listened-request.ts'
import { type ListenerOptions, splitOptions } from './listener-options.ts'

/** What serves the requests of a server of Node's. */
export type Listener<Request extends NodeRequest, Response extends NodeResponse, Result> = (
  req: Request,
  res: Response,
) => Result

/**
 * Traces whatever serves the requests of `node:http`, `https` or the compatibility API of `http2`, and
 * returns a listener that does the same: one SERVER span a request. Give the route as an option, or with
 * `setRoute()`. What the listener throws or rejects with is recorded, and goes on as it did before.
 * Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { traceListener } from '@callchain/node'
 *
 * createServer(traceListener((req, res) => res.end('hello'))).listen(3000)
 * ```
 */
export function traceListener<
  Result,
  Request extends NodeRequest = NodeRequest,
  Response extends NodeResponse = NodeResponse,
>(
  listener: Listener<Request, Response, Result>,
  options?: ListenerOptions<Request>,
): Listener<Request, Response, Result>
// What can be called in other ways too, such as a GraphQL Yoga, tells the compiler another result.
export function traceListener(
  listener: Listener<NodeRequest, NodeResponse, unknown>,
  options?: ListenerOptions<NodeRequest>,
): Listener<NodeRequest, NodeResponse, unknown>
export function traceListener<Request extends NodeRequest, Response extends NodeResponse>(
  listener: Listener<Request, Response, unknown>,
  options?: ListenerOptions<Request>,
): Listener<Request, Response, unknown> {
  const { route, tracing } = splitOptions(options)
  const tracer = createServerTracer(tracing)
  return (req, res) => {
    const request = new ListenedRequest(req, route)
    const call = traceNodeRequest(tracer, req, res, request)
    const listen = (): unknown => {
      try {
        return noting(request, listener(req, res))
      } catch (error) {
        request.thrown = error
        throw error
      }
    }
    return call === undefined ? inRequest(req, listen) : runIn(call, listen)
  }
}

// Nobody awaits a listener's promise: a rejection stays what it was, for those that watch for it.
function noting(request: { thrown: unknown }, result: unknown): unknown {
  if (!types.isPromise(result)) return result
  return result.catch((error: unknown) => {
    request.thrown = error
    throw error
  })
}
