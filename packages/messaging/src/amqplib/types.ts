/** What we need of a Channel of amqplib, of either API. */
export interface AmqpChannel {
  readonly connection?: unknown
  publish(
    exchange: string,
    routingKey: string,
    content: unknown,
    options?: AmqpPublishOptions,
    confirmed?: (error: unknown, ok?: unknown) => void,
  ): boolean
  consume(queue: string, handler: AmqpHandler, ...rest: unknown[]): unknown
  get(queue: string, ...rest: unknown[]): unknown
  /** There for a channel that confirms. */
  waitForConfirms?: unknown
  on(event: string, listener: (...args: unknown[]) => void): unknown
}

/** The options of a message that is published. */
export interface AmqpPublishOptions {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly messageId?: unknown
  readonly correlationId?: unknown
  /** Further routing keys, which the broker reads in the headers. */
  readonly CC?: unknown
  readonly BCC?: unknown
}

/** Gets each message, and `null` when the broker has cancelled the consumer. */
export type AmqpHandler = (message: AmqpMessage | null) => unknown

/** A message as it comes in. */
export interface AmqpMessage {
  readonly fields: {
    readonly deliveryTag: number
    readonly exchange?: string
    readonly routingKey?: string
    readonly redelivered?: boolean
  }
  readonly properties: {
    readonly headers?: Readonly<Record<string, unknown>> | undefined
    readonly messageId?: unknown
    readonly correlationId?: unknown
    readonly timestamp?: unknown
  }
}
