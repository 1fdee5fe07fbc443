import type { Readable } from 'node:stream'
import type { NodeRequest, NodeResponse, TracingOptions } from '@callchain/core'

/** A request as the contract's handlers see it, whatever the framework. */
export interface ContractRequest {
  /** The values of the route's parameters, with those of the routers around it. */
  readonly params: Readonly<Record<string, string>>
  /** Node's request. */
  readonly raw: NodeRequest
  /** What the framework's users call the request: Express's or Fastify's request, Koa's context. */
  readonly native: object
  /** What the framework's own parser made of a JSON body. */
  readonly body: unknown
  /** Answers with JSON, in the framework's way. */
  reply(status: number, json: unknown): void
  /** Answers 200 with a stream, in the framework's way. */
  stream(body: Readable): void
  /** Node's response, to be answered by hand: the framework keeps its hands off from here on. */
  takeOver(): NodeResponse
}

/** Answers a request, now or later; what it throws, or rejects with, goes to the framework. */
export type ContractHandler = (request: ContractRequest) => unknown

/** A middleware in the style of callbacks: calls `next` once, now or later, from wherever it likes. */
export type ContractMiddleware = (request: ContractRequest, next: (error?: unknown) => void) => void

/** A route: `{ method: 'GET', path: '/items/:id' }`. */
export interface ContractRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handler: ContractHandler
}

/** A router, mounted at a path that may have parameters of its own. */
export interface ContractRouter {
  readonly path: string
  readonly routes: readonly ContractRoute[]
  readonly routers: readonly ContractRouter[]
}

/** The application that an adapter's author builds in the framework. */
export interface ContractApplication {
  /** Mount `tracing(options)` once for each of these, in this order, before everything else. */
  readonly tracing: readonly TracingOptions[]
  /** Run these, in this order, before authentication; an error goes where the framework takes errors. */
  readonly middlewares: readonly ContractMiddleware[]
  /** Run before the routes, as authentication is; when it gives true it has answered, and no route runs. */
  readonly authenticate: (request: ContractRequest) => Promise<boolean>
  /** Serve these, with JSON bodies parsed and bodies of type `application/octet-stream` unread. Unknown paths are left to the framework. */
  readonly routes: readonly ContractRoute[]
  readonly routers: readonly ContractRouter[]
  /** The application's own error handler, which answers; without one, errors are left to the framework. */
  readonly handleError?: ((error: unknown, request: ContractRequest) => void) | undefined
  /** Whether it will be served over HTTP/2, for frameworks that want to be told. */
  readonly http2: boolean
}

/** What a promise may change about the application. */
export interface ApplicationParts {
  readonly tracing?: TracingOptions | readonly TracingOptions[] | undefined
  /** Default: none. */
  readonly middlewares?: readonly ContractMiddleware[] | undefined
  readonly authenticate?: ContractApplication['authenticate'] | undefined
  /** Serves every route. Default: answers 200 with the parameters. */
  readonly handler?: ContractHandler | undefined
  readonly handleError?: ContractApplication['handleError']
  /** Serves it over HTTP/2, without TLS. Default: HTTP/1. */
  readonly http2?: boolean | undefined
}

/** The application of the contract: the same routes for every promise, and one handler for all of them. */
export function createApplication(parts: ApplicationParts): ContractApplication {
  const handler: ContractHandler =
    parts.handler ?? ((request) => request.reply(200, request.params))
  const get = (path: string): ContractRoute => ({ method: 'GET', path, handler })
  const tracing = parts.tracing ?? {}
  return {
    tracing: isList(tracing) ? tracing : [tracing],
    middlewares: parts.middlewares ?? [],
    authenticate: parts.authenticate ?? (async () => false),
    routes: [get('/items/:id'), { method: 'POST', path: '/items', handler }],
    routers: [
      { path: '/orgs/:org', routes: [get('/items/:id')], routers: [] },
      {
        path: '/shop',
        routes: [get('/offers')],
        routers: [{ path: '/carts/:cart', routes: [get('/lines/:line')], routers: [] }],
      },
    ],
    handleError: parts.handleError,
    http2: parts.http2 ?? false,
  }
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
