import type { IncomingMessage } from 'node:http'
import { type HttpServerRequest, runIn, type ServerCall, type ServerTracer } from '@callchain/core'
import { guard, keepTraced } from '@callchain/core/internal'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import type { IoSocket } from './socket-io.ts'

const SWITCHING_PROTOCOLS = 101
const OK = 200

/** The handshake of one client with one namespace: its SERVER span, from the first middleware on. */
export class Handshake {
  private readonly call: ServerCall | undefined
  private readonly socket: IoSocket
  private readonly left: () => void

  constructor(tracer: ServerTracer, socket: IoSocket, route: string) {
    this.socket = socket
    // What is active is a request of the transport, which may be ignored, or nothing.
    this.call = context.with(ROOT_CONTEXT, () =>
      guard('tracing', () => tracer.receive(new HandshakeRequest(socket.request, route))),
    )
    if (this.call !== undefined) keepTraced(socket, { call: this.call, step: undefined })
    this.left = () => this.end(undefined, false)
    socket.conn.once('close', this.left)
  }

  get context(): ServerCall['context'] {
    return this.call?.context ?? ROOT_CONTEXT
  }

  run<T>(callback: () => T): T {
    return this.call === undefined ? callback() : runIn(this.call, callback)
  }

  /** It is connected: by an upgrade that came with 101, or by requests that are answered with 200. */
  accepted(): void {
    this.end(this.socket.conn.transport.name === 'polling' ? OK : SWITCHING_PROTOCOLS, true)
  }

  /** A middleware has refused it, by a packet: that is not an HTTP status. */
  refused(): void {
    this.call?.span.setAttribute('callchain.socket.refused', true)
    this.end(undefined, true)
  }

  private end(statusCode: number | undefined, complete: boolean): void {
    this.socket.conn.removeListener('close', this.left)
    this.call?.send({
      statusCode,
      complete,
      route: undefined,
      error: undefined,
      header: () => undefined,
    })
  }
}

class HandshakeRequest implements HttpServerRequest {
  readonly raw: IncomingMessage
  readonly route: string

  constructor(request: IncomingMessage, route: string) {
    this.raw = request
    this.route = route
  }

  get method(): string {
    return this.raw.method ?? 'GET'
  }

  get target(): string {
    return this.raw.url ?? ''
  }

  get scheme(): 'http' | 'https' {
    return 'encrypted' in this.raw.socket ? 'https' : 'http'
  }

  get protocolVersion(): string {
    return this.raw.httpVersion
  }

  get peerAddress(): string {
    return this.raw.socket.remoteAddress ?? ''
  }

  get peerPort(): number | undefined {
    return this.raw.socket.remotePort
  }

  header(name: string): string | undefined {
    const value = this.raw.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  headerNames(): readonly string[] {
    return Object.keys(this.raw.headers)
  }
}
