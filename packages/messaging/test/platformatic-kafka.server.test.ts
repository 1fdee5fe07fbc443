import { randomUUID } from 'node:crypto'
import {
  type HandledMessage,
  type MessageHandler,
  type MessagingUnderTest,
  messageContract,
} from '@callchain/testing'
import { expect, it } from '@jest/globals'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import * as kafka from '@platformatic/kafka'
import { libraryLine } from '../../../test/library-line.ts'
import { traceMessage } from '../src/index.ts'
import { tracePlatformaticKafka } from '../src/platformatic-kafka.ts'

const broker = new URL(process.env.KAFKA_URL ?? 'kafka://127.0.0.1:9092').host

/** What the library does not have. */
const gaps = {
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'a broker repeats nothing',
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'messages are read from a stream, one by one',
  'makes a failed span of each attempt, a sibling of the others, and leaves retrying to the system':
    'a stream does not retry',
  'makes a failed span of a message that its handler refuses without throwing':
    'nothing is refused',
  'makes a failed span of a handler that throws after it has said that it was done':
    'the library acknowledges by itself',
  'ends the span of a handler without a promise when the message is acknowledged':
    'the span of traceMessage ends with its function',
}

function underTest(text: boolean): MessagingUnderTest {
  const serializers = text ? { serializers: kafka.stringSerializers } : {}
  const base = { clientId: 'contract', bootstrapBrokers: [broker], retries: 3 }
  return {
    retries: false,
    refusal: 'PLT_KFK_USER',
    hostile: [Buffer.from([0xff, 0xfe]), '', 'x'.repeat(15_000)],
    sends: (destination) => ({
      name: `send ${destination}`,
      attributes: attributesOf(destination, 'send', 'send'),
    }),
    processes: (destination) => ({
      name: `process ${destination}`,
      attributes: {
        ...attributesOf(destination, 'process', 'process'),
        'messaging.destination.partition.id': '0',
        'messaging.kafka.offset': 0,
        'messaging.consumer.group.name': `group-${destination}`,
      },
    }),
    connect: async ({ trace, options }) => {
      const traced = <T extends object>(target: T): T => {
        for (let time = 0; time < trace; time += 1)
          expect(tracePlatformaticKafka(target, options)).toBe(target)
        return target
      }
      const topic = `contract-${randomUUID()}`
      const admin = new kafka.Admin(base)
      await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 })
      // biome-ignore lint/suspicious/noExplicitAny: what a message is made of depends on the serializers
      const producer: kafka.Producer<any, any, any, any> = traced(
        new kafka.Producer({ ...base, ...serializers }),
      )
      const plain = new kafka.Producer(base)
      const consumers: { close(force: boolean): Promise<void> }[] = []
      const bytes = (value: string) => (text ? value : Buffer.from(value))
      const headersOf = (headers: Readonly<Record<string, unknown>>) =>
        new Map(
          Object.entries(headers).map(([name, value]) => [
            bytes(name),
            typeof value === 'string' ? bytes(value) : value,
          ]),
        )
      const messageOf = (value: string, headers?: Readonly<Record<string, string>>) => ({
        topic,
        value: bytes(value),
        ...(headers && { headers: headersOf(headers) }),
      })
      return {
        destination: topic,
        send: (value, headers) => producer.send({ messages: [messageOf(value, headers)] }),
        sendFrozen: async (value) => {
          const headers = Object.freeze(headersOf({ own: 'a' })) as Map<unknown, unknown>
          const message = Object.freeze({ topic, value: bytes(value), headers })
          await producer.send({ messages: Object.freeze([message]) as never })
          return headers.size === 1
        },
        sendBatch: (values) => producer.send({ messages: values.map((value) => messageOf(value)) }),
        sendRefused: () => producer.send({ messages: [{ topic: 7 as never, value: bytes('x') }] }),
        plant: (value, headers) =>
          plain.send({
            messages: [
              {
                topic,
                value: Buffer.from(value),
                headers: new Map(
                  Object.entries(headers).map(([name, one]) => [
                    Buffer.from(name),
                    Buffer.from(one as string),
                  ]),
                ),
              },
            ],
          }),
        consume: (handle: MessageHandler) =>
          // The loop is the application's: begun inside a request, it is linked to it as long as that lasts.
          context.with(ROOT_CONTEXT, async () => {
            const consumer = traced(new kafka.Consumer({ ...base, groupId: `group-${topic}` }))
            consumers.push(consumer)
            const stream = await consumer.consume({ topics: [topic], mode: 'earliest' })
            stream.on('error', () => {})
            stream.on('data', (message) => {
              const run = () => handle(handledOf(message))
              // An untraced consumer hands over nothing that traceMessage knows.
              const result = trace === 0 ? run() : traceMessage(message, run)
              Promise.resolve(result).catch(() => {})
            })
          }),
        close: async () => {
          await Promise.all(consumers.map((consumer) => consumer.close(true)))
          await Promise.all([producer.close(), plain.close(), admin.close()])
        },
      }
    },
  }
}

const line = libraryLine('@platformatic/kafka')
const large = {
  'sends what just fits without tracing': 'what a topic takes the producer does not know',
}
messageContract({ name: `Kafka of ${line} in bytes`, system: underTest(false), gaps: { ...gaps, ...large } })
messageContract({ name: `Kafka of ${line} in text`, system: underTest(true), gaps: { ...gaps, ...large } })

it('refuses what it cannot trace', () => {
  expect(() => tracePlatformaticKafka({})).toThrow(
    /tracePlatformaticKafka\(\) takes a Producer or a Consumer/,
  )
})

function handledOf({ value, headers }: kafka.Message): HandledMessage {
  const pairs = [...headers].map(([name, one]) => [String(name), String(one)])
  return { body: String(value), headers: Object.fromEntries(pairs) }
}

function attributesOf(destination: string, operation: string, type: string) {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
    'messaging.destination.name': destination,
  }
}
