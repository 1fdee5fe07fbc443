import {
  createServerTracer,
  reentering,
  runIn,
  type TracingOptions,
  traceNodeRequest,
} from '@callchain/core'
import type { Context, Router } from './router.ts'

/**
 * Traces every request of a router: call it before anything is added to the router. Hooks among the
 * options get the router's context. Throws a TypeError for an option that is not allowed.
 */
export function traceRouter(router: Router, options?: TracingOptions<Context>): Router {
  const tracer = createServerTracer(options)
  router.use(async (context, next) => {
    let thrown: unknown
    const call = traceNodeRequest(tracer, context.req, context.res, {
      raw: context,
      route: () => context.route,
      error: () => thrown,
    })
    try {
      await runIn(call, next)
    } catch (error) {
      thrown = error
      throw error
    }
  })
  router.wrap((step) => reentering(step, step.name || 'a middleware', ([{ req }]) => req))
  return router
}
