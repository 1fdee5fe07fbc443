import { tracing } from '@callchain/koa'
import type {
  BuiltApplication,
  ContractApplication,
  ContractMiddleware,
  ContractRequest,
  ContractRouter,
} from '@callchain/testing'
import bodyParser from '@koa/bodyparser'
import Router from '@koa/router'
import type Koa from 'koa'

/** Builds the contract's application on a line of Koa. */
export function createKoaApp(app: Koa, application: ContractApplication): BuiltApplication {
  app.silent = true
  for (const options of application.tracing) app.use(tracing(options))
  app.use(async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (application.handleError === undefined) throw error
      application.handleError(error, contractRequest(ctx))
    }
  })
  for (const middleware of application.middlewares) app.use(inCallbackStyle(middleware))
  app.use(async (ctx, next) => {
    if (!(await application.authenticate(contractRequest(ctx)))) await next()
  })
  app.use(bodyParser())
  app.use(createRouter({ path: '', ...application }).routes())
  return { listener: app.callback() }
}

// As users wrap what knows callbacks only.
function inCallbackStyle(middleware: ContractMiddleware): Koa.Middleware {
  return (ctx, next) =>
    new Promise((resolve, reject) => {
      middleware(contractRequest(ctx), (error) => {
        if (error === undefined) next().then(resolve, reject)
        else reject(error)
      })
    })
}

function createRouter({ routes, routers }: ContractRouter): Router {
  const router = new Router()
  for (const { method, path, handler } of routes) {
    router.register(path, [method], (ctx: Koa.Context) => handler(contractRequest(ctx)))
  }
  for (const inner of routers) router.use(inner.path, createRouter(inner).routes())
  return router
}

function contractRequest(ctx: Koa.Context): ContractRequest {
  return {
    params: ctx.params ?? {},
    raw: ctx.req,
    native: ctx,
    body: ctx.request.body,
    reply: (status, json) => {
      ctx.status = status
      ctx.body = json
    },
    stream: (body) => {
      ctx.body = body
    },
    takeOver: () => {
      ctx.respond = false
      return ctx.res
    },
  }
}
