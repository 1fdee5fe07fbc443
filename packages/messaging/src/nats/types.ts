/** The headers of a message, as both lines of the library have them. */
export interface NatsHeaders extends Iterable<[string, readonly string[]]> {
  append(name: string, value: string): void
}

/** A message that came in. */
export interface NatsMessage {
  readonly subject: string
  readonly reply?: string
  readonly headers?: Iterable<[string, readonly string[]]> | undefined
}

/** The options of a call that sends. */
export interface NatsSendOptions {
  readonly headers?: NatsHeaders | undefined
  /** Of JetStream: what the server knows a repetition by. */
  readonly msgID?: unknown
  /** Of a request for many answers. */
  readonly maxWait?: unknown
  readonly maxMessages?: unknown
}

/** Gets each message of a subscription, or what has become of it. */
export type NatsCallback = (error: unknown, message: NatsMessage) => unknown

/** What a subscription may be made with. */
export interface NatsSubscriptionOptions {
  readonly callback?: NatsCallback
  readonly queue?: unknown
}

/** What we need of a connection. */
export interface NatsConnection {
  readonly info?: { readonly headers?: unknown; readonly max_payload?: unknown } | undefined
  readonly options?: { readonly inboxPrefix?: unknown } | undefined
  getServer(): string
  closed(): Promise<unknown>
  publish(subject: string, data?: unknown, options?: NatsSendOptions, ...rest: unknown[]): void
  request(subject: string, data?: unknown, options?: object, ...rest: unknown[]): Promise<unknown>
  requestMany?(
    subject: string,
    data?: unknown,
    options?: object,
    ...rest: unknown[]
  ): Promise<unknown>
  subscribe(
    subject: string,
    options?: NatsSubscriptionOptions,
    ...rest: unknown[]
  ): AsyncIterable<NatsMessage>
}

/** What we need of a JetStream client. */
export interface NatsJetStream {
  readonly nc?: NatsConnection
  readonly consumers: object
  readonly streams?: object
  publish(
    subject: string,
    data?: unknown,
    options?: NatsSendOptions,
    ...rest: unknown[]
  ): Promise<unknown>
}

/** A message of a stream. */
export interface JetStreamMessage extends NatsMessage {
  readonly info: {
    readonly deliveryCount?: number
    /** Its name before 2.20. */
    readonly redeliveryCount?: number
    readonly timestampNanos: number
  }
}

/** What we need of a consumer of a stream. */
export interface JetStreamConsumer {
  readonly name?: unknown
  /** What the server said about it when it was looked up. */
  readonly _info?: {
    readonly config?: {
      readonly ack_policy?: unknown
      readonly filter_subject?: unknown
    }
  }
  consume(options?: {
    readonly callback?: (message: JetStreamMessage) => unknown
  }): Promise<AsyncIterable<JetStreamMessage>>
  fetch?(...args: unknown[]): Promise<AsyncIterable<JetStreamMessage>>
  next?(...args: unknown[]): Promise<JetStreamMessage | null>
}
