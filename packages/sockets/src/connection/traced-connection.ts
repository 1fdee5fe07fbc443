import { types } from 'node:util'
import type { DeliveryCall } from '@callchain/core'
import {
  type Connection,
  type ConnectionMessage,
  guard,
  keepTraced,
  nameMessage,
  type OpenMessage,
  openConnection,
  withOpenMessage,
} from '@callchain/core/internal'
import { type Context, context } from '@opentelemetry/api'
import type { SocketMessage, SocketSettings } from './options.ts'

type Settings = SocketSettings['messages']

/** A socket that is open, and the messages that are being handled on it. */
export class TracedConnection {
  private readonly connection: Connection
  private readonly settings: Settings
  private readonly open = new Set<DeliveryCall>()

  constructor(socket: object, handshake: Context, system: string, settings: Settings) {
    this.connection = openConnection(handshake, system, settings.tracerProvider)
    this.settings = settings
    // By it `inRequest(socket, …)` and `tenant.set(…, socket)` find the connection.
    keepTraced(socket, { call: { context: this.connection.context }, step: undefined })
  }

  /** Runs what is not a message: in it are the identity and the trace of the handshake. */
  run<T>(callback: () => T): T {
    return context.with(this.connection.context, callback)
  }

  /** Opens the span of a message. */
  receive(message: SocketMessage<never>): MessageCall {
    const { name, messageAttributes } = this.settings
    const received: ConnectionMessage = {
      event: name === undefined ? message.event : guard('name', () => name(message)),
      attributes: messageAttributes && guard('messageAttributes', () => messageAttributes(message)),
      isSampled: this.isSampled(message),
    }
    const call = this.connection.receive(received)
    this.open.add(call)
    return new MessageCall(call, received, () => this.open.delete(call))
  }

  /** It is closed: whoever still handles a message has nobody to answer. */
  close(): void {
    for (const call of this.open) call.settle()
    this.open.clear()
  }

  private isSampled(message: SocketMessage<never>): boolean {
    const { sample = 1 } = this.settings
    if (typeof sample === 'number') return sample >= 1 || Math.random() < sample
    return guard('sample', () => sample(message)) === true
  }
}

/** A message that is being handled, by one listener or by several. */
export class MessageCall implements OpenMessage {
  readonly context: Context
  private readonly call: DeliveryCall
  private readonly received: ConnectionMessage
  private readonly done: () => void
  /** The listeners whose promise has not settled, and one for those that are still to be called. */
  private pending = 1
  private failure: { readonly error: unknown } | undefined

  constructor(call: DeliveryCall, received: ConnectionMessage, done: () => void) {
    this.call = call
    this.received = received
    this.done = done
    this.context = withOpenMessage(call.context, this)
  }

  /** Calls a listener in the context of the message. What it throws or rejects with stays as it was. */
  handle(listener: () => unknown): unknown {
    try {
      const result = context.with(this.context, listener)
      if (!types.isPromise(result)) return result
      this.pending++
      return result.then(
        (value) => {
          this.settle()
          return value
        },
        (error: unknown) => {
          this.fail(error)
          this.settle()
          throw error
        },
      )
    } catch (error) {
      this.fail(error)
      throw error
    }
  }

  /** Notes what made it fail. */
  fail(error: unknown): void {
    this.failure ??= { error }
  }

  hold(): () => void {
    this.pending++
    let isHeld = true
    return () => {
      if (isHeld) this.settle()
      isHeld = false
    }
  }

  called(name: string): void {
    nameMessage(this.call, this.received, name)
  }

  /** A listener is done, or all of them have been called. The span ends with the last. */
  settle(): void {
    if (--this.pending > 0) return
    this.call.settle(this.failure)
    this.done()
  }
}
