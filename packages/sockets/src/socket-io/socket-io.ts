import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'

export type Listener = (this: unknown, ...args: unknown[]) => unknown
export type Next = (error?: Error) => void
export type Middleware<Given> = (given: Given, next: Next) => void

/** A socket of socket.io, as far as it is used. */
export interface IoSocket extends EventEmitter {
  readonly request: IncomingMessage
  readonly conn: EventEmitter & { readonly transport: { readonly name: string } }
  use(middleware: Middleware<readonly unknown[]>): unknown
  onAny(listener: Listener): unknown
  prependAny(listener: Listener): unknown
  offAny(listener?: Listener): unknown
}

/** A namespace of socket.io. */
export interface IoNamespace extends EventEmitter {
  use(middleware: Middleware<IoSocket>): unknown
}

/**
 * Has every listener that is added to an emitter changed by `wrap`, which gets the event and leaves alone
 * what it returns `undefined` for. `off()` finds a listener by the one that was given.
 */
export function wrapAdded(
  emitter: EventEmitter,
  wrap: (event: unknown, listener: Listener) => Listener | undefined,
): void {
  const { on, prependListener } = emitter
  const adding = (add: EventEmitter['on'], isOnce: boolean): EventEmitter['on'] =>
    function (this: EventEmitter, event, listener) {
      const wrapped = typeof listener === 'function' ? wrap(event, listener) : undefined
      const own = (wrapped ?? listener) as Listener
      const called = isOnce ? once(this, event, own) : own
      if (called !== listener) Object.assign(called, { listener })
      return add.call(this, event, called as typeof listener)
    }
  Object.assign(emitter, {
    on: adding(on, false),
    addListener: adding(on, false),
    once: adding(on, true),
    prependListener: adding(prependListener, false),
    prependOnceListener: adding(prependListener, true),
  })
}

function once(emitter: EventEmitter, event: string | symbol, listener: Listener): Listener {
  const called = function (this: unknown, ...args: unknown[]): unknown {
    emitter.removeListener(event, called as never)
    return Reflect.apply(listener, this, args)
  }
  return called
}
