import { json } from 'node:stream/consumers'
import type {
  BuiltApplication,
  ContractApplication,
  ContractMiddleware,
  ContractRequest,
  ContractRouter,
} from '@callchain/testing'
import { type Context, createRouter, type Middleware, type Router } from './router.ts'
import { traceRouter } from './tracing.ts'

/** Builds the contract's application on the router. */
export function createApp(application: ContractApplication): BuiltApplication {
  const { tracing, middlewares, authenticate, handleError } = application
  const router = createRouter()
  for (const options of tracing) traceRouter(router, options)
  if (handleError !== undefined) {
    router.use((context, next) =>
      next().catch((error) => handleError(error, contractRequest(context))),
    )
  }
  for (const middleware of middlewares) router.use(inPromiseStyle(middleware))
  router.use(async (context, next) => {
    if (!(await authenticate(contractRequest(context)))) await next()
  })
  addRoutes(router, '', { path: '', ...application })
  return { listener: router.listener }
}

function inPromiseStyle(middleware: ContractMiddleware): Middleware {
  return (context, next) =>
    new Promise<void>((resolve, reject) => {
      middleware(contractRequest(context), (error) => {
        if (error === undefined) next().then(resolve, reject)
        else reject(error)
      })
    })
}

function addRoutes(
  router: Router,
  prefix: string,
  { path, routes, routers }: ContractRouter,
): void {
  const base = prefix + path
  for (const route of routes) {
    router.on(route.method, base + route.path, async (context) =>
      route.handler(contractRequest(context, await readBody(context))),
    )
  }
  for (const inner of routers) addRoutes(router, base, inner)
}

async function readBody({ req, headers }: Context): Promise<unknown> {
  if (headers['content-type'] !== 'application/json') return undefined
  return json(req).catch((error: object) => {
    throw Object.assign(error, { status: 400 })
  })
}

function contractRequest(context: Context, body?: unknown): ContractRequest {
  const { req, res, params } = context
  return {
    params,
    body,
    raw: req,
    native: context,
    reply: (status, value) => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    },
    stream: (readable) => {
      readable.on('error', (error) => res.destroy(error))
      readable.pipe(res)
    },
    takeOver: () => res,
  }
}
