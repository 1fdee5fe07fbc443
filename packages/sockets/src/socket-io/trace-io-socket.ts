import { context } from '@opentelemetry/api'
import type { MessageCall, TracedConnection } from '../connection/traced-connection.ts'
import { type IoSocket, type Listener, type Middleware, wrapAdded } from './socket-io.ts'

const RESERVED = new Set<unknown>(['disconnect', 'disconnecting', 'error'])

/** Has a socket's listeners run in the context of its connection, and those of events each in theirs. */
export function traceIoSocket(socket: IoSocket, connection: TracedConnection): void {
  const calls = new Calls()
  socket.use((packet, next) => {
    const [event, ...args] = packet
    if (typeof event !== 'string' || socket.listenerCount(event) === 0) return next()
    const call = connection.receive({ socket: socket as never, event, args })
    calls.begin(call)
    context.with(call.context, () => next())
  })
  followMiddlewares(socket, calls)
  wrapListeners(socket, connection, calls)
  wrapAnyListeners(socket, connection)
  socket.on('disconnect', () => connection.close())
}

/** Which event is handled now, by the context that it is handled in. */
class Calls {
  private readonly byContext = new WeakMap<object, MessageCall>()
  private readonly called = new WeakSet<MessageCall>()

  begin(call: MessageCall): void {
    this.byContext.set(call.context, call)
  }

  current(): MessageCall | undefined {
    return this.byContext.get(context.active())
  }

  /** After the first of its listeners come the others, in the same tick. */
  calledFirst(call: MessageCall): void {
    if (this.called.has(call)) return
    this.called.add(call)
    process.nextTick(() => call.settle())
  }
}

// A middleware that stops an event tells nobody but socket.io.
function followMiddlewares(socket: IoSocket, calls: Calls): void {
  const { use } = socket
  socket.use = function (this: IoSocket, middleware: Middleware<readonly unknown[]>) {
    return use.call(this, (packet, next) => {
      const call = calls.current()
      if (call === undefined) return middleware(packet, next)
      middleware(packet, (error) => {
        if (error) {
          call.fail(error)
          call.settle()
        }
        context.with(call.context, () => next(error))
      })
    })
  }
}

function wrapListeners(socket: IoSocket, connection: TracedConnection, calls: Calls): void {
  wrapAdded(socket, (event, listener) =>
    RESERVED.has(event) ? entered(listener, connection) : handling(listener, calls),
  )
}

function handling(listener: Listener, calls: Calls): Listener {
  return function (this: unknown, ...args) {
    const call = calls.current()
    if (call === undefined) return Reflect.apply(listener, this, args)
    calls.calledFirst(call)
    return call.handle(() => Reflect.apply(listener, this, args))
  }
}

function entered(listener: Listener, connection: TracedConnection): Listener {
  return function (this: unknown, ...args) {
    return connection.run(() => Reflect.apply(listener, this, args))
  }
}

// Its listeners run before the middlewares of an event: in the connection, and in no event.
function wrapAnyListeners(socket: IoSocket, connection: TracedConnection): void {
  const wrapped = new Map<Listener, Listener>()
  const { onAny, prependAny, offAny } = socket
  const wrap = (listener: Listener): Listener => {
    const own = entered(listener, connection)
    wrapped.set(listener, own)
    return own
  }
  socket.onAny = function (this: IoSocket, listener) {
    return onAny.call(this, wrap(listener))
  }
  socket.prependAny = function (this: IoSocket, listener) {
    return prependAny.call(this, wrap(listener))
  }
  socket.offAny = function (this: IoSocket, listener) {
    return offAny.call(this, listener && (wrapped.get(listener) ?? listener))
  }
}
