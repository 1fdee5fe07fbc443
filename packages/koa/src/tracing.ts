import {
  createServerTracer,
  type FrameworkRequest,
  inRequest,
  runIn,
  type ServerCall,
  type TracingOptions,
  traceNodeRequest,
} from '@callchain/core'
import type { Context, Middleware, Next } from 'koa'
import { matchedRoute, watchRoutes } from './matched-route.ts'
import { watchRouters } from './reenter-routers.ts'
import { createRestOf } from './rest-of-application.ts'

/**
 * Makes the middleware that traces every request of a Koa application: `app.use(tracing())`, before
 * the others. Hooks among the options get Koa's context. Throws a TypeError for an option that is
 * not allowed.
 *
 * @example
 * ```ts
 * import { tracing } from '@callchain/koa'
 *
 * const app = new Koa()
 * app.use(tracing({ ignore: (ctx) => ctx.path === '/health' }))
 * app.use(router.routes())
 * ```
 */
export function tracing(options?: TracingOptions<Context>): Middleware {
  const tracer = createServerTracer(options)
  const restOf = createRestOf()
  return callchain

  async function callchain(ctx: Context, next: Next): Promise<void> {
    watchRoutes(ctx)
    watchRouters(ctx)
    const request = new KoaRequest(ctx)
    const call = traceNodeRequest(tracer, ctx.req, ctx.res, request)
    try {
      if (call === undefined) return await inRequest(ctx, next)
      const rest = restOf(ctx.app, callchain)
      await runIn(call, rest === undefined ? next : () => rest(ctx, nothingMore))
    } catch (error) {
      // Koa answers it after this middleware: what it was is decided when the response is out.
      request.thrown = error
      answerWithin(call, ctx)
      throw error
    }
  }
}

async function nothingMore(): Promise<void> {}

// Koa answers errors, and tells the application's `error` listeners, outside of every middleware.
function answerWithin(call: ServerCall | undefined, ctx: Context): void {
  const { onerror } = ctx
  ctx.onerror = (error: Error) => runIn(call, () => onerror.call(ctx, error))
}

class KoaRequest implements FrameworkRequest {
  readonly raw: Context
  thrown: unknown

  constructor(ctx: Context) {
    this.raw = ctx
  }

  // @koa/router leaves the whole pattern, with prefixes and nesting.
  route(): string | undefined {
    const route = matchedRoute(this.raw)
    return route === undefined || this.isUnanswered() ? undefined : route
  }

  error(): unknown {
    return this.thrown
  }

  // The route called `next`: the 404 is Koa's own, because no one set a status or a body.
  private isUnanswered(): boolean {
    const { raw: ctx } = this
    if (ctx.res.statusCode !== 404 || !ctx.headerSent || ctx.respond === false) return false
    const { body, response } = ctx
    const { _explicitStatus: isSet } = response as { _explicitStatus?: boolean }
    return !isSet && body == null && this.thrown === undefined
  }
}
