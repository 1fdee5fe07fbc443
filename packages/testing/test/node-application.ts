import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { createServerTracer, inRequest, runIn, traceNodeRequest } from '@callchain/core'
import type {
  BuiltApplication,
  ContractApplication,
  ContractMiddleware,
  ContractRequest,
  ContractRoute,
  ContractRouter,
} from '@callchain/testing'

interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly told: Told | undefined
  route?: string
  thrown?: unknown
}

class HttpError extends Error {
  readonly status: number
  constructor(status: number) {
    super(`answered with ${status}`)
    this.status = status
  }
}

/** Who is told what only this application knows of a request. */
export interface Told {
  route(req: IncomingMessage, route: string): void
  error(req: IncomingMessage, error: unknown): void
}

/** Builds the contract's application on nothing but `node:http` and core. */
export function createNodeApp(application: ContractApplication, told?: Told): BuiltApplication {
  const tracers = application.tracing.map((options) => createServerTracer(options))
  const routes = flatten('', { path: '', ...application })
  return {
    listener: (req, res) => {
      const exchange: Exchange = { req, res, told }
      const framework = { route: () => exchange.route, error: () => exchange.thrown }
      const [call] = tracers.map((tracer) => traceNodeRequest(tracer, req, res, framework))
      runIn(call, () => run(application, routes, exchange, application.middlewares))
    },
  }
}

// What has no framework enters the request's context again by itself.
function run(
  application: ContractApplication,
  routes: readonly ContractRoute[],
  exchange: Exchange,
  [middleware, ...others]: readonly ContractMiddleware[],
): void {
  if (middleware === undefined) return void serve(application, routes, exchange)
  const request = contractRequest(exchange, {}, undefined)
  middleware(request, (error) =>
    inRequest(exchange.req, () => {
      if (error === undefined) run(application, routes, exchange, others)
      else answerError(application, exchange, error)
    }),
  )
}

async function serve(
  application: ContractApplication,
  routes: readonly ContractRoute[],
  exchange: Exchange,
): Promise<void> {
  const request = contractRequest(exchange, {}, undefined)
  try {
    if (await application.authenticate(request)) return
    const [route, params] = match(routes, exchange.req)
    exchange.route = route.path
    exchange.told?.route(exchange.req, route.path)
    await route.handler(contractRequest(exchange, params, await readBody(exchange.req)))
  } catch (error) {
    answerError(application, exchange, error)
  }
}

function answerError(
  { handleError }: ContractApplication,
  exchange: Exchange,
  error: unknown,
): void {
  if (handleError !== undefined) handleError(error, contractRequest(exchange, {}, undefined))
  else fail(exchange, error)
}

function fail(exchange: Exchange, error: unknown): void {
  exchange.thrown = error
  exchange.told?.error(exchange.req, error)
  if (exchange.res.headersSent || exchange.res.destroyed) return
  const { status = 500 } = Object(error) as { status?: number }
  exchange.res.writeHead(status)
  exchange.res.end()
}

function flatten(prefix: string, { path, routes, routers }: ContractRouter): ContractRoute[] {
  const base = prefix + path
  return [
    ...routes.map((route) => ({ ...route, path: base + route.path })),
    ...routers.flatMap((router) => flatten(base, router)),
  ]
}

function match(
  routes: readonly ContractRoute[],
  req: IncomingMessage,
): [ContractRoute, Record<string, string>] {
  const method = req.method === 'HEAD' ? 'GET' : req.method
  const path = req.url?.replace(/^http:\/\/[^/]+/, '').replace(/\?.*/, '') ?? ''
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
    const found = route.method === method ? pattern.exec(path) : null
    if (found !== null) return [route, { ...found.groups }]
  }
  throw new HttpError(404)
}

async function readBody(req: IncomingMessage): Promise<unknown> {
  if (req.headers['content-type'] !== 'application/json') return undefined
  try {
    return await json(req)
  } catch {
    throw new HttpError(400)
  }
}

function contractRequest(
  { req, res }: Exchange,
  params: Record<string, string>,
  body: unknown,
): ContractRequest {
  return {
    params,
    raw: req,
    native: req,
    body,
    reply: (status, value) => {
      res.statusCode = status
      res.setHeader('content-type', 'application/json')
      res.end(JSON.stringify(value))
    },
    stream: (readable) => {
      readable.on('error', (error) => res.destroy(error))
      readable.pipe(res)
    },
    takeOver: () => res,
  }
}
