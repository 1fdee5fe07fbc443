import type { FrameworkRequest, HttpServerResponse } from '@callchain/core'
import type { Context } from 'hono'

/** How Hono calls what answers every method, middlewares among them. */
const EVERY_METHOD = 'ALL'

/** What only Hono knows about a request. */
export class HonoRequest implements FrameworkRequest {
  readonly raw: Context
  /** What passed through every middleware: Hono keeps to itself what is not an Error. */
  thrown: unknown
  /** Where `tracing()` itself stands among what matched. */
  private readonly own: number

  constructor(c: Context) {
    this.raw = c
    this.thrown = undefined
    this.own = c.req.routeIndex
  }

  /** The whole template of what was entered last; a middleware is not a route. */
  route(): string | undefined {
    const { routeIndex, matchedRoutes } = this.raw.req
    if (routeIndex === this.own) return undefined
    const { method, path } = matchedRoutes[routeIndex] ?? {}
    return method === EVERY_METHOD && path?.endsWith('*') ? undefined : path
  }

  error(): unknown {
    return this.thrown ?? this.raw.error
  }

  /** What is sent when an error has passed through the application: nothing that we know of. */
  brokenOff(): HttpServerResponse {
    return {
      statusCode: undefined,
      complete: false,
      route: this.route(),
      error: this.error(),
      header: () => undefined,
    }
  }
}
