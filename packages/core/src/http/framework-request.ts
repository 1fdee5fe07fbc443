import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request of Node's own: HTTP/1, or HTTP/2 through the compatibility API. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** A response of Node's own. */
export type NodeResponse = ServerResponse | Http2ServerResponse

/** What only the framework knows about a request. */
export interface FrameworkRequest {
  /** What hooks are called with. Default: Node's request. */
  readonly raw?: unknown
  /** The template of the matched route; asked when the request comes in and again when it ends. */
  route(): string | undefined
  /** Told at the moment the application ends its response, before anything else runs. */
  onResponseEnd?(): void
  /** What the application threw, or what broke the response; asked when the request ends. */
  error?(): unknown
  /** A header of the response by its lower-case name, where the framework keeps it from Node (Fastify). */
  responseHeader?(name: string): number | string | string[] | undefined
}
