import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  createServerTracer,
  type FrameworkRequest,
  inRequest,
  runIn,
  type TracingOptions,
  traceNodeRequest,
} from '@callchain/core'
import type { Request } from 'express'
import type { Application, Route } from './express-parts.ts'
import { findRoute } from './find-route.ts'
import { reenterApplication } from './reenter-layers.ts'
import { createRouteIndexes, type RouteIndexes } from './route-indexes.ts'
import { settleShape } from './settle-shape.ts'
import { errorOf } from './tracing-errors.ts'

/** A middleware of Express, without needing its types. */
export type TracingMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Makes the middleware that traces every request of an Express application: `app.use(tracing())`,
 * before the others. Hooks among the options get Express's request. Throws a TypeError for an option
 * that is not allowed.
 *
 * @example
 * ```ts
 * import { tracing } from '@callchain/express'
 *
 * const app = express()
 * app.use(tracing({ ignore: (req) => req.path === '/health' }))
 * app.get('/orders/:id', (req, res) => res.json({ id: req.params.id }))
 * ```
 */
export function tracing(options?: TracingOptions<Request>): TracingMiddleware {
  const tracer = createServerTracer(options)
  const indexes = createRouteIndexes()
  return function callchain(req, res, next): void {
    settleShape(req)
    settleShape(res)
    const request = new ExpressRequest(req, res, indexes)
    const call = traceNodeRequest(tracer, req, res, request)
    request.arrived = true
    if (call === undefined) {
      inRequest(req, next)
    } else {
      reenterApplication(request.app)
      runIn(call, next)
    }
  }
}

interface RoutedRequest extends IncomingMessage {
  readonly app?: Application
  readonly route?: Route
  readonly baseUrl?: string
}

class ExpressRequest implements FrameworkRequest {
  arrived = false
  readonly app: Application | undefined
  private readonly req: RoutedRequest
  private readonly res: ServerResponse
  private readonly indexes: RouteIndexes
  private seen = false
  private found: string | undefined

  constructor(req: IncomingMessage, res: ServerResponse, indexes: RouteIndexes) {
    this.req = req as RoutedRequest
    this.res = res
    this.indexes = indexes
    this.app = this.req.app
  }

  // Whatever runs after the answer may enter other routes: the one that counts is where it was given.
  onResponseEnd(): void {
    if (this.seen) return
    this.seen = true
    this.found = this.find()
  }

  route(): string | undefined {
    // A route that was passed by on the way here is not the one that will answer.
    if (!this.arrived) return undefined
    this.onResponseEnd()
    return this.found
  }

  error(): unknown {
    return errorOf(this.req)
  }

  private find(): string | undefined {
    const { req } = this
    const { route, baseUrl, url = '/', app } = req
    if (route === undefined || app === undefined || this.isUnanswered()) return undefined
    return findRoute(this.indexes, { route, baseUrl, url, entered: this.app ?? app, app })
  }

  // Once every router has passed on, `baseUrl` is gone: what follows is Express's own 404.
  private isUnanswered(): boolean {
    const { req, res } = this
    return req.baseUrl === undefined && res.statusCode === 404 && errorOf(req) === undefined
  }
}
