import { TRACED_DRIVER } from '@callchain/core/internal'
import { tracedMessageHandler } from './websocket/handled-message.ts'
import type { Adapter } from './websocket/types.ts'

/** `traceWebSocketServer` or `traceSocketIo` of `@callchain/sockets`. */
export type TraceSockets<Options> = (server: never, options?: Options) => unknown

/**
 * Traces the adapter of Nest's WebSocket gateways and returns it, with the function of `@callchain/sockets` that
 * traces the servers that it makes: `traceWebSocketServer` for a `WsAdapter`, `traceSocketIo` for an `IoAdapter`,
 * and their options. Handshakes have a SERVER span; each message that a gateway handles has one of its own,
 * named by `@SubscribeMessage()`, until the last answer of its handler. Tracing twice changes nothing.
 * Throws a TypeError for anything else, and for an option that is not allowed when the server is made.
 *
 * @example
 * ```ts
 * app.useWebSocketAdapter(traceWebSocketAdapter(new WsAdapter(app), traceWebSocketServer))
 * ```
 */
export function traceWebSocketAdapter<WebSocketAdapter extends object, Options extends object>(
  adapter: WebSocketAdapter,
  trace: TraceSockets<Options>,
  options?: Options,
): WebSocketAdapter {
  const target = adapter as unknown as Adapter
  if (typeof target?.create !== 'function' || typeof target.bindMessageHandlers !== 'function') {
    throw new TypeError(
      'callchain: traceWebSocketAdapter() needs a WebSocketAdapter of Nest, such as new WsAdapter(app)',
    )
  }
  if (typeof trace !== 'function') {
    throw new TypeError(
      'callchain: traceWebSocketAdapter() needs traceWebSocketServer or traceSocketIo of @callchain/sockets',
    )
  }
  if (Object.hasOwn(adapter, TRACED_DRIVER)) return adapter
  Object.defineProperty(adapter, TRACED_DRIVER, { value: true })
  traceServers(target, trace as TraceSockets<object>, options)
  const { bindMessageHandlers } = target
  target.bindMessageHandlers = function (this: Adapter, client, handlers, transform) {
    return bindMessageHandlers.call(this, client, handlers.map(tracedMessageHandler), transform)
  }
  return adapter
}

function traceServers(
  adapter: Adapter,
  trace: TraceSockets<object>,
  options: object | undefined,
): void {
  const { create, createIOServer } = adapter
  const traced = (server: unknown, own: object | undefined): unknown => trace(server as never, own)
  if (typeof createIOServer === 'function') {
    // A namespace is made from what this returns.
    adapter.createIOServer = function (this: Adapter, ...args) {
      return traced(createIOServer.apply(this, args), options)
    }
    return
  }
  adapter.create = function (this: Adapter, port, given) {
    const server = create.call(this, port, given)
    // It is one that was made before, for another gateway.
    if (given?.server !== undefined && given.server === server) return server
    // The server itself is not told its path where it shares a port.
    const route = typeof given?.path === 'string' ? { route: withSlash(given.path) } : {}
    return traced(server, { ...route, ...options })
  }
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}
