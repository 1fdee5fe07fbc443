import { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { pipeline } from 'node:stream'
import { tracing, tracingErrors } from '@callchain/express'
import type {
  BuiltApplication,
  ContractApplication,
  ContractRequest,
  ContractRouter,
} from '@callchain/testing'
import type express from 'express'

/** Builds the contract's application on a line of Express. */
export function createExpressApp(
  line: typeof express,
  application: ContractApplication,
): BuiltApplication {
  const app = line().set('env', 'test')
  if (application.http2) speakHttp2(line, app)
  for (const options of application.tracing) app.use(tracing(options))
  for (const middleware of application.middlewares) {
    app.use((req, res, next) => middleware(contractRequest(req, res), next))
  }
  app.use((req, res, next) => {
    application
      .authenticate(contractRequest(req, res))
      .then((answered) => (answered ? undefined : next()), next)
  })
  app.use(line.json())
  app.use(createRouter(line, { path: '', ...application }))
  const { handleError } = application
  app.use(tracingErrors())
  if (handleError !== undefined) {
    app.use(((error, req, res, _next) =>
      handleError(error, contractRequest(req, res))) as express.ErrorRequestHandler)
  }
  return { listener: app }
}

// Express gives its requests and responses the prototypes of HTTP/1, unless an application has others.
function speakHttp2({ request, response }: typeof express, app: express.Express): void {
  const { getOwnPropertyDescriptors: own } = Object
  app.request = Object.create(
    Object.create(Http2ServerRequest.prototype, own(request)),
    own(app.request),
  )
  app.response = Object.create(
    Object.create(Http2ServerResponse.prototype, own(response)),
    own(app.response),
  )
}

function createRouter(line: typeof express, { routes, routers }: ContractRouter): express.Router {
  const router = line.Router({ mergeParams: true })
  for (const { method, path, handler } of routes) {
    // Express 4 does not look at what a handler returns.
    const handle: express.RequestHandler = (req, res, next) => {
      Promise.resolve()
        .then(() => handler(contractRequest(req, res)))
        .catch(next)
    }
    router.route(path)[method === 'GET' ? 'get' : 'post'](handle)
  }
  for (const inner of routers) router.use(inner.path, createRouter(line, inner))
  return router
}

function contractRequest(req: express.Request, res: express.Response): ContractRequest {
  return {
    params: req.params as Record<string, string>,
    raw: req,
    native: req,
    body: req.body,
    reply: (status, json) => void res.status(status).json(json),
    stream: (body) => void pipeline(body, res, () => {}),
    takeOver: () => res,
  }
}
