/** What core asks of an HTTP request that came in. An adapter for a new kind of server supplies it. */
export interface HttpServerRequest {
  /** The method as it was sent: `GET`. */
  readonly method: string
  /** The request target as it was sent: `/users/7?x=1`, an absolute URL, or `*`. */
  readonly target: string
  /** The scheme of the connection itself; forwarding headers are core's concern. */
  readonly scheme: 'http' | 'https'
  /** The protocol's version: `1.1`, `2`. */
  readonly protocolVersion: string
  /**
   * The address of the socket's other end; `undefined` when there is no such thing (a Unix socket),
   * empty when it is not known (the connection is gone), which is never trusted.
   */
  readonly peerAddress: string | undefined
  readonly peerPort: number | undefined
  /** The route's template where routing came first (Fastify); `undefined` elsewhere. */
  readonly route: string | undefined
  /** The framework's or Node's own request: hooks are called with it. */
  readonly raw: unknown
  /** A header's value by its lower-case name; several lines are joined by `, ` as Node does it. */
  header(name: string): string | undefined
  /**
   * The names of all headers, for propagators that look for theirs among them (X-Ray's, Jaeger's
   * baggage). Default: the names that the propagator says it reads.
   */
  headerNames?(): readonly string[]
}

/** What core asks of the response, at the moment the exchange is over. */
export interface HttpServerResponse {
  /** The status that was really sent; `undefined` when no header left. */
  readonly statusCode: number | undefined
  /** False when the exchange broke off before the response was sent whole. */
  readonly complete: boolean
  /** The template of the matched route, `/users/:id`; `undefined` when nothing matched. */
  readonly route: string | undefined
  /** What the application threw, or what broke the response, if anything. */
  readonly error: unknown
  /** A header of the response by its lower-case name. */
  header(name: string): string | undefined
}
