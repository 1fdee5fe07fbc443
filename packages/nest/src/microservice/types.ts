/** What a handler of a message is called with by Nest: the data, and the context of its transport. */
export type Handler = (this: unknown, ...args: unknown[]) => unknown

/** A handler that a server keeps; the handlers of one event hang on each other. */
export interface KeptHandler extends Handler {
  next?: Handler | undefined
}

/** A `Server` of @nestjs/microservices, as far as it is used. */
export interface Strategy {
  readonly transportId?: unknown
  addHandler(pattern: unknown, callback: KeptHandler, ...rest: unknown[]): unknown
  /** Of TCP: the packet of one message. */
  handleMessage?(...args: unknown[]): unknown
}

/** What goes out and comes in over transports that have no headers. */
export interface Packet {
  readonly pattern?: unknown
  /** Values that travel with a packet and are not a part of its payload. */
  metadata?: unknown
}

/** What a client is told of the answers to a request. */
export interface Answer {
  readonly err?: unknown
  readonly response?: unknown
  readonly isDisposed?: boolean
}

export type Answered = (answer: Answer) => unknown

/** A `ClientProxy` of @nestjs/microservices, as far as it is used. */
export interface Client {
  publish(packet: Packet, callback: Answered): () => void
  dispatchEvent(packet: Packet): Promise<unknown>
  unwrap?(): unknown
}
