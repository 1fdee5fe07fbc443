import type { MessageOptions } from '@callchain/core'
import type { AttributeValue } from '@opentelemetry/api'
import type { Recorder } from '../recorder.ts'
import { createSignal } from '../signal.ts'

/** A message as a handler of the contract gets it. */
export interface HandledMessage {
  /** What was sent. */
  readonly body: string
  /** Its headers, those of tracing too, as text. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Settles it as failed by the system's own means, in place of throwing, where there is such a thing. */
  refuse?(): void
  /** Says that it is done, where the system wants to be told. */
  acknowledge?(): void
}

/** What a handler of the contract does with a message. */
export type MessageHandler = (message: HandledMessage) => unknown

/** How a system is connected. */
export interface MessagingConnection {
  /** How often each instance is handed to the wrapper. */
  readonly trace: 0 | 1 | 2
  /** The wrapper's options. */
  readonly options: MessageOptions
}

/** A producer and a consumer, on a queue of their own. */
export interface ConnectedMessaging {
  /** The name of the queue or topic. */
  readonly destination: string
  /** Sends one message, with headers of the application's; resolves once the broker has it. */
  send(body: string, headers?: Readonly<Record<string, string>>): Promise<unknown>
  /** The same with objects that are frozen; resolves to whether they are as they were. */
  sendFrozen?(body: string): Promise<boolean>
  /** Sends several at once, where the system can. */
  sendBatch?(bodies: readonly string[]): Promise<unknown>
  /** Sends what fails, without tracing as well; rejects, or throws. */
  sendRefused?(): Promise<unknown>
  /** Sends the largest message that is accepted without tracing, where that is known. */
  sendLargest?(): Promise<unknown>
  /** Puts a message into the queue whose headers of tracing are these, of any type, past the wrapper. */
  plant(body: string, headers: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Begins to consume, with several messages at once if the system can; resolves once it does. */
  consume(handle: MessageHandler): Promise<void>
  /**
   * The same for whole batches, where the system has them: `handle` gets all messages, and a function
   * that handles one by `traceMessage`.
   */
  consumeBatches?(
    handle: (
      messages: readonly HandledMessage[],
      each: (message: HandledMessage, run: () => unknown) => unknown,
    ) => unknown,
  ): Promise<void>
  /** Adds a job that comes again and again, where the system has such a thing. */
  repeat?(body: string): Promise<void>
  close(): Promise<void>
}

/** What the span of a message must say. */
export interface ExpectedMessageSpan {
  readonly name: string
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>
}

/** A messaging system, its broker and what the conventions say about them. */
export interface MessagingUnderTest {
  connect(connection: MessagingConnection): Promise<ConnectedMessaging>
  /** The span of `send()`. */
  sends(destination: string): ExpectedMessageSpan
  /** The span of handling. */
  processes(destination: string): ExpectedMessageSpan
  /** Values of a header that a client of this system can write, none of which is a trace. */
  readonly hostile: readonly unknown[]
  /** Whether a message whose handler rejects comes again. */
  readonly retries: boolean
  /** `error.type` of `sendRefused()`. */
  readonly refusal?: string
}

/** What a promise of the message contract works with. */
export interface MessageStage {
  readonly recorder: Recorder
  readonly system: MessagingUnderTest
  /** Connects; closed when the promise has been checked. */
  connect(options?: MessageOptions, trace?: 0 | 1 | 2): Promise<ConnectedMessaging>
}

/** Runs a check on its own stage, and makes sure that it leaves no span or connection open. */
export async function performOnMessaging(
  setUp: () => Recorder,
  system: MessagingUnderTest,
  check: (stage: MessageStage) => Promise<void>,
): Promise<void> {
  const recorder = setUp()
  const connected: ConnectedMessaging[] = []
  try {
    await check({
      recorder,
      system,
      connect: async (options = {}, trace = 1) => {
        const messaging = await system.connect({ trace, options })
        connected.push(messaging)
        return messaging
      },
    })
    await recorder.settled()
  } finally {
    for (const messaging of connected) await messaging.close()
    await recorder.shutdown()
  }
}

/** Consumes, and resolves to what `handle` returned for each of `count` messages, in order. */
export async function consumeAll<T>(
  messaging: ConnectedMessaging,
  count: number,
  handle: (message: HandledMessage) => T | Promise<T>,
): Promise<{ done: Promise<T[]> }> {
  const all = createSignal<T[]>()
  const results: T[] = []
  await messaging.consume(async (message) => {
    const result = await handle(message)
    message.acknowledge?.()
    results.push(result)
    if (results.length === count) all.resolve(results)
  })
  return { done: all.promise }
}
