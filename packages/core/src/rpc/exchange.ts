/** What is called: the same on both sides. */
export interface RpcMethod {
  /** `rpc.system.name`: `grpc`, `connectrpc`, `dubbo`, `jsonrpc`. */
  readonly system: string
  /** The method with its service, as it is registered: `shop.v1.Stock/Get`. Names the span. */
  readonly method: string
}

/** A remote procedure call that came in. */
export interface RpcServerRequest extends RpcMethod {
  /**
   * The address of the connection's other end; `undefined` when there is no such thing (a Unix
   * socket), empty when it is not known, which is never trusted.
   */
  readonly peerAddress: string | undefined
  readonly peerPort?: number | undefined
  /** The host that the caller asked for, with its port: `stock.internal:50051`. */
  readonly authority?: string | undefined
  /** How many attempts of the same call went before this one. */
  readonly previousAttempts?: number | undefined
  /** What hooks are called with. */
  readonly raw: unknown
  /** A value of the metadata by its lower-case name, as text; several are joined by `, `. */
  header(name: string): string | undefined
  /** The names of all metadata, for propagators that look for theirs among them. */
  headerNames?(): readonly string[]
}

/** How many messages a stream has carried. */
export interface RpcMessages {
  readonly sent: number
  readonly received: number
}

/** What came of a call. */
export interface RpcOutcome {
  /** The status by its name in the protocol: `OK`, `DEADLINE_EXCEEDED`; `undefined` when there is none. */
  readonly status: string | undefined
  /** What was thrown, where that is known. */
  readonly error?: unknown
  /** How many attempts went before the one that came to this end, where the client tells. */
  readonly previousAttempts?: number | undefined
  /** How many messages went over it; given for streams alone. */
  readonly messages?: RpcMessages | undefined
  /** A value of the metadata that was sent back, by its lower-case name. */
  header?(name: string): string | undefined
}

/** A remote procedure call that goes out. */
export interface RpcClientRequest extends RpcMethod {
  /** The names or addresses of where it may go, as rules for hosts take them; none where nobody knows. */
  readonly hosts: readonly string[]
  /** What spans call the place it goes to. Default: the first of `hosts`. */
  readonly address?: string | undefined
  /** The port, where there is one. */
  readonly port?: number | undefined
  /** A value of the metadata that the application has set, by its lower-case name, as text. */
  header(name: string): string | undefined
  /** Sets a value, in place of any that the application has set under that name. */
  setHeader(name: string, value: string): void
  /** Removes a value, if there is one. */
  removeHeader(name: string): void
}

/** What came of a call that went out. */
export interface RpcClientOutcome extends RpcOutcome {
  /** True when the application has called it off, which is not an error. Default: false. */
  readonly cancelled?: boolean | undefined
  /** Who has answered. */
  readonly peerAddress?: string | undefined
  readonly peerPort?: number | undefined
}
