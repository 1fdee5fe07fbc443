import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { traceMessage } from '@callchain/messaging'
import { tracePlatformaticKafka } from '@callchain/messaging/platformatic-kafka'
import {
  type ConnectedMessaging,
  createRecorder,
  type HandledMessage,
  type MessageHandler,
  type MessagingConnection,
  type MessagingUnderTest,
  messageContract,
  type TestRunner,
} from '@callchain/testing'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'

/** The library, of any line. */
export type PlatformaticKafka = typeof import('@platformatic/kafka', { with: {
  'resolution-mode': 'import',
}})

/** What a message is made of depends on the serializers. */
// biome-ignore lint/suspicious/noExplicitAny: the library's types ask for one of them
export type AnyProducer = InstanceType<PlatformaticKafka['Producer']> & { send: any }

/** What the library does not have. */
const gaps = {
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'a broker repeats nothing',
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'messages are read from a stream, one by one',
  'makes a failed span of each attempt, a sibling of the others, and leaves retrying to the system':
    'a stream does not retry',
  'makes a failed span of a message that its handler refuses without throwing':
    'a message is committed or not',
  'ends the span of a handler without a promise when the message is acknowledged':
    'the span of traceMessage ends with its function',
}

/** Where the broker of the tests is. */
export function baseOptions(): { clientId: string; bootstrapBrokers: string[] } {
  const { host } = new URL(process.env.KAFKA_URL ?? 'kafka://127.0.0.1:9092')
  return { clientId: 'contract', bootstrapBrokers: [host] }
}

/** The contract of a line once more, with the spans of the recorder. */
export function platformaticContractOfRecorder(line: string, kafka: PlatformaticKafka): void {
  messageContract({
    name: `Kafka of ${line} in text, with the spans of the recorder`,
    system: underTest(kafka, true),
    gaps,
    setUp: () => createRecorder({ provider: 'recorder' }),
  })
}

/** Holds a line of the library to the message contract, with headers of bytes and of text. */
export function platformaticContract(
  line: string,
  kafka: PlatformaticKafka,
  runner?: TestRunner,
): void {
  for (const form of ['bytes', 'text'] as const) {
    messageContract({
      name: `Kafka of ${line} in ${form}`,
      system: underTest(kafka, form === 'text'),
      gaps,
      ...(runner && { runner }),
    })
  }
}

function underTest(kafka: PlatformaticKafka, text: boolean): MessagingUnderTest {
  return {
    retries: false,
    refusal: 'INVALID_TOPIC_EXCEPTION',
    hostile: [Buffer.from([0xff, 0xfe]), '', 'x'.repeat(15_000)],
    sends: (destination) => ({
      name: `send ${destination}`,
      attributes: attributesOf(destination, 'send'),
    }),
    processes: (destination) => ({
      name: `process ${destination}`,
      attributes: {
        ...attributesOf(destination, 'process'),
        'messaging.destination.partition.id': '0',
        'messaging.kafka.offset': 0,
        'messaging.consumer.group.name': `group-${destination}`,
      },
    }),
    connect: (connection) => connectTo(kafka, text, connection),
  }
}

async function connectTo(
  kafka: PlatformaticKafka,
  text: boolean,
  { trace, options }: MessagingConnection,
): Promise<ConnectedMessaging> {
  const traced = <T extends object>(target: T): T => {
    for (let time = 0; time < trace; time += 1)
      assert.equal(tracePlatformaticKafka(target, options), target)
    return target
  }
  const base = baseOptions()
  const topic = await createTopic(kafka)
  const own = text ? { serializers: kafka.stringSerializers } : {}
  const producer = traced(new kafka.Producer({ ...base, ...own, retries: 0 })) as AnyProducer
  const plain = new kafka.Producer(base)
  const closing: (() => Promise<unknown>)[] = [
    async () => producer.close(),
    async () => plain.close(),
  ]
  const bytes = (value: string) => (text ? value : Buffer.from(value))
  const messageOf = (value: string, headers?: Readonly<Record<string, string>>) => {
    const pairs = Object.entries(headers ?? {}).map((pair) => pair.map(bytes) as [string, string])
    return { topic, value: bytes(value), ...(headers && { headers: new Map(pairs) }) }
  }
  return {
    destination: topic,
    send: (value, headers) => producer.send({ messages: [messageOf(value, headers)] }),
    sendFrozen: async (value) => {
      const message = Object.freeze(messageOf(value, Object.freeze({ own: 'a' })))
      await producer.send({ messages: Object.freeze([message]) })
      return message.headers?.size === 1
    },
    sendBatch: (values) => producer.send({ messages: values.map((value) => messageOf(value)) }),
    sendRefused: () => producer.send({ messages: [{ ...messageOf('x'), topic: 'not a topic' }] }),
    // What is not in the value belongs to the batch that goes over the wire.
    sendLargest: () => producer.send({ messages: [messageOf('x'.repeat(1_048_576 - 80))] }),
    plant: async (value, headers) => {
      const pairs = Object.entries(headers).map(
        ([name, one]) => [Buffer.from(name), Buffer.from(one as string)] as const,
      )
      const message = { topic, value: Buffer.from(value), headers: new Map(pairs) }
      return plain.send({ messages: [message] })
    },
    consume: (handle) =>
      // The loop is the application's: begun inside a request, it is linked to it as long as that lasts.
      context.with(ROOT_CONTEXT, async () => {
        // Closing waits for the fetch that is open.
        const settings = { ...base, groupId: `group-${topic}`, maxWaitTime: 50 }
        const consumer = traced(new kafka.Consumer(settings))
        closing.unshift(async () => consumer.close(true))
        const reading = { topics: [topic], mode: 'earliest' as const, autocommit: false }
        const stream = await consumer.consume(reading)
        stream.on('data', (message: Received) => handleOne(message, handle, trace > 0))
      }),
    close: async () => {
      for (const close of closing) await close()
    },
  }
}

type Received = { value: Buffer; headers: Map<Buffer, Buffer>; commit(): unknown }

function handleOne(message: Received, handle: MessageHandler, isTraced: boolean): void {
  const run = (): unknown => handle(handledOf(message))
  // An untraced consumer hands over nothing that traceMessage knows.
  const handled = isTraced ? traceMessage(message, run) : run()
  Promise.resolve(handled).catch(() => {})
}

function handledOf(message: Received): HandledMessage {
  const pairs = [...message.headers].map(([name, one]) => [String(name), String(one)])
  return {
    body: String(message.value),
    headers: Object.fromEntries(pairs),
    acknowledge: () => void message.commit(),
  }
}

/** A topic of its own for a test, of one partition. */
export async function createTopic(kafka: PlatformaticKafka): Promise<string> {
  const admin = new kafka.Admin(baseOptions())
  const topic = `platformatic-${randomUUID()}`
  await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 })
  await admin.close()
  return topic
}

function attributesOf(destination: string, operation: string) {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': destination,
  }
}
