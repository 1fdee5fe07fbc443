import type { EventEmitter } from 'node:events'
import type { TracedConnection } from '../connection/traced-connection.ts'

/** Has the listeners of a socket run in its connection's context, and those of messages each in theirs. */
export function traceWebSocket(socket: EventEmitter, connection: TracedConnection): void {
  const { emit } = socket
  socket.emit = function (this: EventEmitter, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'message') return emitMessage(this, connection, args)
    const pass = (): boolean => Reflect.apply(emit, this, [event, ...args])
    if (event !== 'close') return connection.run(pass)
    try {
      return connection.run(pass)
    } finally {
      connection.close()
    }
  }
}

// As an emitter does it, but for what listeners return: a message is handled as long as their promises.
function emitMessage(
  socket: EventEmitter,
  connection: TracedConnection,
  args: readonly unknown[],
): boolean {
  const listeners = socket.rawListeners('message')
  if (listeners.length === 0) return false
  const message = { socket: socket as never, event: undefined, args }
  const call = connection.receive(message)
  try {
    for (const listener of listeners) call.handle(() => Reflect.apply(listener, socket, args))
  } finally {
    call.settle()
  }
  return true
}
