import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { TracingOptions } from '@callchain/core'
import { tracing } from '@callchain/hono'
import type {
  BuiltApplication,
  ContractApplication,
  ContractHandler,
  ContractMiddleware,
  ContractRequest,
  ContractRouter,
} from '@callchain/testing'
import type { getRequestListener, HttpBindings } from '@hono/node-server'
import type { Context, Handler, Hono, MiddlewareHandler } from 'hono'

/** A line of Hono, and of the package that serves it on Node. */
export interface Line {
  readonly Hono: new () => Hono
  readonly getRequestListener: typeof getRequestListener
  readonly RESPONSE_ALREADY_SENT: Response
}

/** Builds the contract's application on a line of Hono. */
export function createHonoApp(line: Line, application: ContractApplication): BuiltApplication {
  const app = new line.Hono()
  for (const options of application.tracing) app.use('*', tracing(withNodeRequests(options)))
  const { handleError, middlewares, authenticate } = application
  app.onError((error, c) => {
    if (handleError === undefined) return c.json({}, statusOf(error))
    return answer(line, c, {}, undefined, (request) => handleError(error, request))
  })
  for (const middleware of middlewares) app.use('*', inCallbackStyle(line, middleware))
  app.use('*', async (c, next) => {
    let hasAnswered = false
    const response = await answer(line, c, {}, undefined, async (request) => {
      hasAnswered = await authenticate(request)
    })
    if (hasAnswered) return response
    await next()
  })
  addRoutes(line, app, { path: '', ...application })
  return { listener: line.getRequestListener(app.fetch, { overrideGlobalObjects: false }) }
}

// The contract's hooks look at Node's request.
function withNodeRequests(options: TracingOptions): TracingOptions<Context> {
  const { trust, ignore, recordDuration, attributes, onEnd } = options
  return {
    ...options,
    ...(typeof trust === 'function' && { trust: (c: Context) => trust(incomingOf(c)) }),
    ...(typeof ignore === 'function' && { ignore: (c: Context) => ignore(incomingOf(c)) }),
    ...(recordDuration && { recordDuration: (c: Context) => recordDuration(incomingOf(c)) }),
    ...(attributes && { attributes: (c: Context) => attributes(incomingOf(c)) }),
    ...(onEnd && { onEnd: (span, c: Context, status) => onEnd(span, incomingOf(c), status) }),
  } as TracingOptions<Context>
}

function incomingOf(c: Context): IncomingMessage {
  return (c.env as HttpBindings).incoming
}

function statusOf(error: unknown): 500 {
  return ((error as { status?: number } | undefined)?.status ?? 500) as 500
}

// As users wrap what knows callbacks only.
function inCallbackStyle(line: Line, middleware: ContractMiddleware): MiddlewareHandler {
  return (c, next) =>
    new Promise<void>((resolve, reject) => {
      middleware(
        contractRequest(line, c, {}, undefined, () => {}),
        (error) => {
          if (error === undefined) next().then(resolve, reject)
          else reject(error)
        },
      )
    })
}

function addRoutes(line: Line, app: Hono, { routes, routers }: ContractRouter): void {
  for (const { method, path, handler } of routes) {
    app.on(method, path, handlerOf(line, handler))
  }
  for (const router of routers) {
    const inner = new line.Hono()
    addRoutes(line, inner, router)
    app.route(router.path, inner)
  }
}

function handlerOf(line: Line, handler: ContractHandler): Handler {
  return async (c) => {
    const isJson = c.req.header('content-type') === 'application/json'
    const body = isJson ? await c.req.json().catch(asBadRequest) : undefined
    return answer(line, c, c.req.param(), body, handler)
  }
}

function asBadRequest({ message }: Error): never {
  throw Object.assign(new Error(message), { status: 400 })
}

// Hono answers with what a handler gives back.
async function answer(
  line: Line,
  c: Context,
  params: Record<string, string>,
  body: unknown,
  handler: ContractHandler,
): Promise<Response> {
  let response = line.RESPONSE_ALREADY_SENT
  const answerWith = (given: Response): void => {
    response = given
  }
  await handler(contractRequest(line, c, params, body, answerWith))
  return response
}

function contractRequest(
  line: Line,
  c: Context,
  params: Record<string, string>,
  body: unknown,
  answerWith: (response: Response) => void,
): ContractRequest {
  const { incoming, outgoing } = c.env as HttpBindings
  return {
    params,
    body,
    raw: incoming,
    native: c,
    reply: (status, json) => answerWith(c.json(json as object, status as 200)),
    stream: (stream) => answerWith(c.body(Readable.toWeb(stream) as ReadableStream)),
    takeOver: () => {
      answerWith(line.RESPONSE_ALREADY_SENT)
      return outgoing
    },
  }
}
