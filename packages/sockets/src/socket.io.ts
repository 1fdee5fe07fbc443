import { createServerTracer } from '@callchain/core'
import { readOptions, type SocketOptions } from './connection/options.ts'
import type { IoNamespace } from './socket-io/socket-io.ts'
import { traceNamespace } from './socket-io/trace-namespace.ts'

export type { SocketMessage, SocketOptions } from './connection/options.ts'

/** A `Server` of socket.io, as far as it is used. */
export interface IoServerLike {
  readonly sockets: object
  path(): string
}

/**
 * Traces a `Server` of socket.io 4, and returns the same server: the handshake of a client with a namespace
 * has a SERVER span, and each event that is handled one of its own, named by the event, which links to it
 * and has its identity. Call it right after the server is made. Throws a TypeError for an option that is
 * not allowed, and for what is not such a server.
 *
 * @example
 * ```ts
 * import { traceSocketIo } from '@callchain/sockets/socket.io'
 *
 * const io = traceSocketIo(new Server(httpServer))
 * io.use((socket, next) => {
 *   tenant.set(tenantOf(socket.handshake.auth.token))
 *   next()
 * })
 * io.on('connection', (socket) => socket.on('order', async (order) => save(order)))
 * ```
 */
export function traceSocketIo<Server extends IoServerLike, Socket = unknown>(
  io: Server,
  options: SocketOptions<Socket> = {},
): Server {
  const { route = pathOf(io), messages, tracing } = readOptions('traceSocketIo()', options)
  const tracer = createServerTracer(tracing)
  const trace = (namespace: unknown): void =>
    traceNamespace(namespace as IoNamespace, tracer, route, messages)
  const main = io.sockets as IoNamespace
  trace(main)
  main.on('new_namespace', trace)
  return io
}

function pathOf(io: IoServerLike): string {
  if (typeof (io as Partial<IoServerLike> | undefined)?.path !== 'function') {
    throw new TypeError('callchain: traceSocketIo() needs a Server of socket.io 4')
  }
  return io.path()
}
