import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServerTracer, runIn, type TracingOptions, traceNodeRequest } from '@callchain/core'

/** What is used of Hono's context, as `@hono/node-server` makes it. */
export interface Context {
  readonly env: { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse }
  readonly req: { readonly routeIndex: number }
  readonly error: Error | undefined
}

/** What `matchedRoutes()` of `hono/route` gives: middlewares have the method `ALL`. */
type MatchedRoutes<C> = (context: C) => readonly { method: string; path: string }[]

/** Makes the middleware. Throws a TypeError for an option that is not allowed. */
export function tracing<C extends Context>(
  matchedRoutes: MatchedRoutes<C>,
  options?: TracingOptions<IncomingMessage>,
): (context: C, next: () => Promise<void>) => Promise<void> {
  const tracer = createServerTracer(options)
  return async (context, next) => {
    const { incoming, outgoing } = context.env ?? {}
    if (incoming === undefined || outgoing === undefined) return next()
    let thrown: unknown
    const call = traceNodeRequest(tracer, incoming, outgoing, {
      raw: incoming,
      route: () => {
        const route = matchedRoutes(context)[context.req.routeIndex]
        return route?.method === 'ALL' && route.path.endsWith('*') ? undefined : route?.path
      },
      error: () => context.error ?? thrown,
    })
    try {
      await runIn(call, next)
    } catch (error) {
      thrown = error
      throw error
    }
  }
}
