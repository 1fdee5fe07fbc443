/** Headers, whose names and values are what the instance's serializers take. */
export type PlatformaticHeaders = ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>

/** A message that is sent. */
export interface PlatformaticMessage {
  readonly topic: string
  readonly value?: unknown
  readonly headers?: PlatformaticHeaders | undefined
}

/** What `send` takes. */
export interface PlatformaticRecord {
  readonly messages: readonly PlatformaticMessage[]
}

/** Gets what came of a call. */
export type PlatformaticCallback = (error: unknown, result?: unknown) => unknown

/** What we need of a producer. */
export interface PlatformaticProducer {
  send(record: PlatformaticRecord, callback?: PlatformaticCallback): unknown
  asStream?(...args: unknown[]): PlatformaticProducerStream
}

/** What takes messages, and sends them later. */
export interface PlatformaticProducerStream {
  write(message: unknown, ...rest: unknown[]): boolean
  end(...args: unknown[]): unknown
}

/** A message that came in. */
export interface ReceivedPlatformaticMessage {
  readonly topic: string
  readonly partition?: unknown
  readonly offset?: unknown
  readonly timestamp?: unknown
  readonly value?: unknown
  readonly headers?: PlatformaticHeaders | undefined
  /** The headers, with those whose names are repeated. */
  readonly headerEntries?: readonly (readonly [unknown, unknown])[]
}

/** What a consumer reads from. */
export interface PlatformaticStream {
  push(message: unknown, ...rest: unknown[]): boolean
}

/** What we need of a consumer. */
export interface PlatformaticConsumer {
  readonly groupId?: unknown
  consume(options: unknown, callback?: PlatformaticCallback): unknown
}
