import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http'

/** A request in the router. */
export interface Context {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  /** The path of the matched route; undefined until one matches. */
  route: string | undefined
  params: Readonly<Record<string, string>>
}

/** A middleware: answers the request, or calls `next` and waits for it. */
export type Middleware = (context: Context, next: () => Promise<void>) => unknown

/** A framework as small as can be, in place of yours. */
export interface Router {
  use(middleware: Middleware): void
  on(method: string, path: string, handler: (context: Context) => unknown): void
  /** Replaces each middleware that is added from now on. */
  wrap(wrapper: (middleware: Middleware) => Middleware): void
  readonly listener: RequestListener
}

interface Route {
  readonly method: string
  readonly path: string
  readonly pattern: RegExp
  readonly handler: (context: Context) => unknown
}

/** Makes a router. An error's `status` is the status it is answered with, 500 without one. */
export function createRouter(): Router {
  const middlewares: Middleware[] = []
  const wrappers: ((middleware: Middleware) => Middleware)[] = []
  const routes: Route[] = []

  const run = async (context: Context, index: number): Promise<void> => {
    const middleware = middlewares[index]
    if (middleware === undefined) return serve(routes, context)
    await middleware(context, () => run(context, index + 1))
  }

  return {
    use: (middleware) => {
      middlewares.push(wrappers.reduce((wrapped, wrap) => wrap(wrapped), middleware))
    },
    on: (method, path, handler) => {
      const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
      routes.push({ method, path, pattern, handler })
    },
    wrap: (wrapper) => {
      wrappers.push(wrapper)
    },
    listener: (req, res) => {
      const context: Context = {
        ...{ req, res, method: req.method, headers: req.headers, params: {} },
        route: undefined,
      }
      run(context, 0).catch((error) => fail(res, error))
    },
  }
}

async function serve(routes: readonly Route[], context: Context): Promise<void> {
  const { url = '/' } = context.req
  const method = context.method === 'HEAD' ? 'GET' : context.method
  const path = url.replace(/^http:\/\/[^/]+/, '').replace(/\?.*/, '')
  for (const route of routes) {
    const found = route.method === method ? route.pattern.exec(path) : null
    if (found === null) continue
    context.route = route.path
    context.params = { ...found.groups }
    await route.handler(context)
    return
  }
  throw Object.assign(new Error('not found'), { status: 404 })
}

function fail(res: ServerResponse, error: unknown): void {
  if (res.headersSent || res.destroyed) return
  const { status = 500 } = Object(error) as { status?: number }
  res.writeHead(status).end()
}
