import type { ServerTracer } from '@callchain/core'
import type { SocketSettings } from '../connection/options.ts'
import { TracedConnection } from '../connection/traced-connection.ts'
import { Handshake } from './handshake.ts'
import { type IoNamespace, type IoSocket, type Middleware, wrapAdded } from './socket-io.ts'
import { traceIoSocket } from './trace-io-socket.ts'

const CONNECTED = new Set<unknown>(['connection', 'connect'])

interface State {
  readonly handshakes: WeakMap<IoSocket, Handshake>
  readonly connections: WeakMap<IoSocket, TracedConnection>
}

/** Traces the handshakes with a namespace, and the sockets that they open. */
export function traceNamespace(
  namespace: IoNamespace,
  tracer: ServerTracer,
  route: string,
  messages: SocketSettings['messages'],
): void {
  const state: State = { handshakes: new WeakMap(), connections: new WeakMap() }
  namespace.use((socket, next) => {
    const handshake = new Handshake(tracer, socket, route)
    state.handshakes.set(socket, handshake)
    handshake.run(() => next())
  })
  followMiddlewares(namespace, state)
  // Before the application's own listeners: they find the socket traced.
  namespace.prependListener('connect', (socket: IoSocket) => {
    const handshake = state.handshakes.get(socket)
    if (handshake === undefined) return
    handshake.accepted()
    const connection = new TracedConnection(socket, handshake.context, 'socket.io', messages)
    state.connections.set(socket, connection)
    traceIoSocket(socket, connection)
  })
  enterConnections(namespace, state)
}

// A middleware that refuses the client tells nobody but socket.io.
function followMiddlewares(namespace: IoNamespace, { handshakes }: State): void {
  const { use } = namespace
  namespace.use = function (this: IoNamespace, middleware: Middleware<IoSocket>) {
    return use.call(this, (socket, next) => {
      const handshake = handshakes.get(socket)
      if (handshake === undefined) return middleware(socket, next)
      handshake.run(() =>
        middleware(socket, (error) => {
          if (error) handshake.refused()
          handshake.run(() => next(error))
        }),
      )
    })
  }
}

function enterConnections(namespace: IoNamespace, { connections }: State): void {
  wrapAdded(namespace, (event, listener) => {
    if (!CONNECTED.has(event)) return undefined
    return function (this: unknown, ...args) {
      const connection = connections.get(args[0] as unknown as IoSocket)
      const listen = (): unknown => Reflect.apply(listener, this, args)
      return connection === undefined ? listen() : connection.run(listen)
    }
  })
}
