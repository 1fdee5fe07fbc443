import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServerTracer, inRequest, runIn } from '@callchain/core'
import { tracedRequest, traceNodeUpgrade } from '@callchain/core/internal'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { readOptions, type SocketOptions } from './connection/options.ts'
import { TracedConnection } from './connection/traced-connection.ts'
import { traceWebSocket } from './ws/trace-web-socket.ts'

export type { SocketMessage, SocketOptions } from './connection/options.ts'

type Upgraded = (socket: EventEmitter, req: IncomingMessage) => void

/** `WebSocketServer` of ws, as far as it is used. */
export interface WebSocketServerLike {
  readonly options?: { readonly path?: string | null | undefined } | undefined
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, callback: never): void
}

/**
 * Traces a `WebSocketServer` of ws, 7 or 8, whoever hands it its upgrades, and returns the same server: the
 * handshake has a SERVER span that ends with 101 or the refusal, and each message that is handled one of its
 * own, which links to it and has its identity. Call it before clients connect. Throws a TypeError for an
 * option that is not allowed, and for what is not such a server.
 *
 * @example
 * ```ts
 * import { traceWebSocketServer } from '@callchain/sockets/ws'
 *
 * const sockets = traceWebSocketServer(new WebSocketServer({ server, path: '/chat' }))
 * sockets.on('connection', (socket) => socket.on('message', async (data) => save(data)))
 * ```
 */
export function traceWebSocketServer<Server extends WebSocketServerLike, Socket = unknown>(
  server: Server,
  options: SocketOptions<Socket> = {},
): Server {
  const { route: given, messages, tracing } = readOptions('traceWebSocketServer()', options)
  if (typeof (server as Partial<Server> | undefined)?.handleUpgrade !== 'function') {
    throw new TypeError(
      'callchain: traceWebSocketServer() needs a WebSocketServer of ws; of Fastify it is app.websocketServer, of express-ws getWss()',
    )
  }
  const tracer = createServerTracer(tracing)
  const route = given ?? server.options?.path ?? undefined
  const upgrade = server.handleUpgrade.bind(server) as (
    ...args: [IncomingMessage, Duplex, Buffer, Upgraded]
  ) => void
  const handleUpgrade = (
    req: IncomingMessage,
    duplex: Duplex,
    head: Buffer,
    upgraded: Upgraded,
  ): void => {
    const framework = { raw: req, route: () => route, error: () => undefined }
    const call = traceNodeUpgrade(tracer, req, duplex as TcpSocket, framework)
    const accept: Upgraded = (socket, request) => {
      const handshake = tracedRequest(req)?.call?.context ?? ROOT_CONTEXT
      const connection = new TracedConnection(socket, handshake, 'websocket', messages)
      traceWebSocket(socket, connection)
      connection.run(() => upgraded(socket, request))
    }
    const shake = (): void => upgrade(req, duplex, head, accept)
    if (call === undefined) inRequest(req, shake)
    else runIn(call, shake)
  }
  server.handleUpgrade = handleUpgrade as Server['handleUpgrade']
  return server
}
