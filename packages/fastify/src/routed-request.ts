import type { FrameworkRequest, ServerCall } from '@callchain/core'
import type { OpenedRequest } from '@callchain/core/internal'
import { FASTIFY_REQUEST } from '@callchain/core/internal'
import type { FastifyReply, FastifyRequest } from 'fastify'

type Traced = FastifyRequest & { [FASTIFY_REQUEST]?: RoutedRequest }

/** What we know of a request; `undefined` when it is not traced. */
export function routedRequest(request: FastifyRequest): RoutedRequest | undefined {
  return (request as Traced)[FASTIFY_REQUEST]
}

/** Keeps what we know of a request with it. */
export function keepRouted(routed: RoutedRequest): void {
  ;(routed.raw as Traced)[FASTIFY_REQUEST] = routed
}

/** A request as core asks for it. Fastify routes before it runs hooks: the template never changes. */
export interface RoutedRequest extends FrameworkRequest {
  readonly raw: FastifyRequest
  reply: FastifyReply | undefined
  /** The span that a log line has opened, before hooks run. */
  opened: OpenedRequest | undefined
  call: ServerCall | undefined
  thrown: unknown
}

/** What is known of a request when it comes in. */
export function createRouted(request: FastifyRequest): RoutedRequest {
  return new Routed(request)
}

class Routed implements RoutedRequest {
  readonly raw: FastifyRequest
  reply: FastifyReply | undefined = undefined
  opened: OpenedRequest | undefined = undefined
  call: ServerCall | undefined = undefined
  thrown: unknown = undefined

  constructor(request: FastifyRequest) {
    this.raw = request
  }

  route(): string | undefined {
    return this.raw.is404 ? undefined : this.raw.routeOptions.url
  }

  error(): unknown {
    return this.thrown
  }

  responseHeader(name: string): number | string | string[] | undefined {
    return this.reply?.getHeader(name)
  }
}
