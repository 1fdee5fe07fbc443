/** A handler of one kind of message, as a gateway registers it. */
export interface MessageHandler {
  readonly message: unknown
  readonly callback: (...args: never[]) => unknown
}

/** A `WebSocketAdapter` of Nest, as far as it is used. */
export interface Adapter {
  create(port: number, options?: { readonly path?: unknown; readonly server?: unknown }): unknown
  /** Of `IoAdapter`, and where the documentation of Nest has an own one make its server. */
  createIOServer?(port: number, options?: unknown): unknown
  bindMessageHandlers(client: unknown, handlers: MessageHandler[], transform: unknown): unknown
}
