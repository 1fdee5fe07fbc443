import type { Attributes } from '@opentelemetry/api'

/** Where messages go to, or come from. */
export interface MessageDestination {
  /** `messaging.system`: `kafka`, `rabbitmq`, `aws_sqs`, `nats`, `bullmq`, … */
  readonly system: string
  /** The system's own word for what is done: `send`, `publish`, `process`. Names the span. */
  readonly operation: string
  /** The topic or queue; `undefined` when the messages of a batch have several, or none has one. */
  readonly destination: string | undefined
  /**
   * What stands for the destination where its name has parts of its own for each message: the pattern a
   * subscription was made with. Names the span, unless the option `destination` says something else.
   */
  readonly template?: string | undefined
  /** Whether the destination has a generated name and goes with its connection: it names no span. */
  readonly temporary?: boolean | undefined
  /** The partition, where all messages have one. */
  readonly partition?: string | undefined
  /** The broker's host name or address. */
  readonly serverAddress?: string | undefined
  /** The broker's port. */
  readonly serverPort?: number | undefined
  /** What the system's own conventions ask for besides: a Kafka offset, a routing key. */
  readonly attributes?: Attributes | undefined
}

/** One message that goes out, as its library lets it be changed. */
export interface SentMessage {
  /** A header the application has set, by its lower-case name. */
  header(name: string): string | undefined
  /** Sets a header in place of any of that name; false when the message has no room for it. */
  setHeader(name: string, value: string): boolean
  /** Removes a header, if there is one. */
  removeHeader(name: string): void
}

/** One call that sends a message, or several at once. */
export interface MessageSending extends MessageDestination {
  readonly messages: readonly SentMessage[]
  /** True for a call that may send several; then their count is recorded. Default: false. */
  readonly batch?: boolean | undefined
  /** The message's id, where it is known before it is sent. */
  readonly messageId?: string | undefined
  /** What ties it to others: a correlation id. */
  readonly conversationId?: string | undefined
}

/** One message that came in. Nothing of it is believed to be what its type says. */
export interface ReceivedMessage {
  /**
   * A header by its lower-case name, as text: a Buffer is read as UTF-8, anything but text and a
   * name that occurs twice give `undefined`.
   */
  header(name: string): string | undefined
  /** The names of its headers, for propagators that look for theirs among them. */
  headerNames?(): readonly string[]
  readonly id?: string | undefined
  readonly conversationId?: string | undefined
  /** Which delivery of this message it is, from 1, where the system counts them. */
  readonly attempt?: number | undefined
  /** When it was sent, in milliseconds since 1970, where the system says so. */
  readonly sentAt?: number | undefined
  /** The library's own message: hooks are called with it. */
  readonly raw: unknown
}

/** One message, or one batch, that is handed to a handler. */
export interface MessageDelivery extends MessageDestination {
  readonly messages: readonly ReceivedMessage[]
  /** Whether the handler gets all of `messages` at once. Default: false; there is one. */
  readonly batch?: boolean | undefined
  /** The consumer group. */
  readonly group?: string | undefined
  /** A tick of a repeated job: it begins a trace of its own, and its creator's identity is not taken. */
  readonly repeated?: boolean | undefined
  /**
   * True where the application has fetched the message itself, so that what is active is its own
   * and not that of the code that started the consumer. Default: false.
   */
  readonly pulled?: boolean | undefined
}

/** What came of sending or handling. */
export interface MessageOutcome {
  /** What was thrown, if anything was. */
  readonly error?: unknown
  /** The system's own code for the failure, in place of the error's name: `nack`. */
  readonly errorType?: string | undefined
  /** The id that the broker gave. */
  readonly messageId?: string | undefined
}
