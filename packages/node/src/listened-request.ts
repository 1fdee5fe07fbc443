import type { FrameworkRequest, NodeRequest } from '@callchain/core'

/** A request as far as its listener knows it. */
export class ListenedRequest<Request extends NodeRequest> implements FrameworkRequest {
  readonly raw: Request
  /** What the listener threw, or rejected with. */
  thrown: unknown
  private readonly routeOf: (request: Request) => string | undefined

  constructor(req: Request, routeOf: (request: Request) => string | undefined) {
    this.raw = req
    this.thrown = undefined
    this.routeOf = routeOf
  }

  route(): string | undefined {
    return this.routeOf(this.raw)
  }

  error(): unknown {
    return this.thrown
  }
}
