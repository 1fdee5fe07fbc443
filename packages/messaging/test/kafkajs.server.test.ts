import { randomUUID } from 'node:crypto'
import { tenant } from '@callchain/core'
import {
  createRecorder,
  type HandledMessage,
  type MessageHandler,
  type MessagingUnderTest,
  messageContract,
} from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import * as kafkajs22 from 'kafkajs'
import * as kafkajs20 from 'kafkajs-2.0'
import { libraryLine } from '../../../test/library-line.ts'
import { traceMessage } from '../src/index.ts'
import { traceKafka } from '../src/kafkajs.ts'

const broker = new URL(process.env.KAFKA_URL ?? 'kafka://127.0.0.1:9092').host

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, typeof kafkajs22>> = {
  [libraryLine('kafkajs')]: kafkajs22,
  [libraryLine('kafkajs', 'kafkajs-2.0')]: kafkajs20 as unknown as typeof kafkajs22,
}

/** What kafkajs does not have. */
const gaps = {
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'a broker repeats nothing',
  'makes a failed span of a message that its handler refuses without throwing':
    'a handler fails by throwing',
  'makes a failed span of a handler that throws after it has said that it was done':
    'the library acknowledges by itself',
  'ends the span of a handler without a promise when the message is acknowledged':
    'the library acknowledges by itself',
}

describe.each(Object.entries(lines))('%s', (line, { Kafka, logLevel }) => {
  const kafka = new Kafka({
    brokers: [broker],
    logLevel: logLevel.NOTHING,
  })
  const admin = kafka.admin()
  beforeAll(() => admin.connect())
  afterAll(() => admin.disconnect())

  function underTest(): MessagingUnderTest {
    return {
      retries: true,
      refusal: 'KafkaJSNonRetriableError',
      hostile: [Buffer.from([0xff, 0xfe]), ['a', 'b'], '', 'x'.repeat(15_000)],
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
            expect(traceKafka(target, options)).toBe(target)
          return target
        }
        const topic = `contract-${randomUUID()}`
        await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] })
        const [producer, plain] = [traced(kafka.producer()), kafka.producer()]
        await Promise.all([producer.connect(), plain.connect()])
        const consumers: kafkajs22.Consumer[] = []
        const subscribe = async () => {
          const consumer = traced(kafka.consumer({ groupId: `group-${topic}` }))
          consumers.push(consumer)
          await consumer.connect()
          await consumer.subscribe({ topics: [topic], fromBeginning: true })
          return consumer
        }
        return {
          destination: topic,
          send: (value, headers) =>
            producer.send({ topic, messages: [{ value, ...(headers && { headers }) }] }),
          sendFrozen: async (value) => {
            const message = Object.freeze({ value, headers: Object.freeze({ own: 'a' }) })
            const record = Object.freeze({ topic, messages: Object.freeze([message]) })
            await producer.send(record as never)
            return JSON.stringify(message) === JSON.stringify({ value, headers: { own: 'a' } })
          },
          sendBatch: (values) =>
            producer.send({ topic, messages: values.map((value) => ({ value })) }),
          sendRefused: () => producer.send({ topic: 'not a topic', messages: [{ value: 'x' }] }),
          // What is not in the value belongs to the batch that goes over the wire.
          sendLargest: () =>
            producer.send({ topic, messages: [{ value: 'x'.repeat(1_048_576 - 80) }] }),
          plant: (value, headers) =>
            plain.send({ topic, messages: [{ value, headers: headers as kafkajs22.IHeaders }] }),
          consume: async (handle: MessageHandler) => {
            const consumer = await subscribe()
            await consumer.run({
              eachMessage: async ({ message }) => void (await handle(handledOf(message))),
            })
          },
          consumeBatches: async (handle) => {
            const consumer = await subscribe()
            await consumer.run({
              eachBatch: async ({ batch }) => {
                const handled = new Map(batch.messages.map((each) => [handledOf(each), each]))
                await handle([...handled.keys()], (message, run) =>
                  traceMessage(handled.get(message) ?? {}, run),
                )
              },
            })
          },
          close: async () => {
            await Promise.all(consumers.map((consumer) => consumer.disconnect()))
            await Promise.all([producer.disconnect(), plain.disconnect()])
          },
        }
      },
    }
  }

  messageContract({ name: `Kafka of ${line}`, system: underTest(), gaps })
  if (line === Object.keys(lines)[0]) {
    messageContract({
      name: `Kafka of ${line}, with the spans of the recorder`,
      system: underTest(),
      gaps,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  it('traces what a transaction sends', async () => {
    const recorder = createRecorder()
    const topic = `transaction-${randomUUID()}`
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] })
    const producer = traceKafka(
      kafka.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true }),
    )
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.sendBatch({
      topicMessages: [{ topic, messages: [{ value: 'a' }, { value: 'b' }] }],
    })
    await transaction.commit()
    await producer.disconnect()
    const spans = recorder.spans()
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
      [`send ${topic}`, SpanKind.PRODUCER],
    ])
    expect(spans[0]?.attributes['messaging.batch.message_count']).toBe(2)
    await recorder.shutdown()
  })

  it('refuses what it cannot trace', () => {
    expect(() => traceKafka({})).toThrow(/traceKafka\(\) takes a producer or a consumer of kafkajs/)
  })
})

// Its binary cannot be installed on every machine: an object with the shape of its KafkaJS API stands in,
// whose messages have no `headers` at all where there are none.
it("traces Confluent's KafkaJS API, in the shape that stands in for it", async () => {
  const recorder = createRecorder()
  let run: { eachMessage(payload: object): Promise<unknown> } | undefined
  const consumer = traceKafka({
    subscribe: async () => {},
    run: async (config: typeof run) => {
      run = config
    },
  })
  await consumer.run({ eachMessage: async () => tenant.get() })
  const message = { value: Buffer.from('1'), offset: '7', timestamp: '0' }
  expect(await run?.eachMessage({ topic: 'orders', partition: 0, message })).toBeUndefined()
  expect(recorder.spans().map(({ name }) => name)).toEqual(['process orders'])
  await recorder.shutdown()
})

function handledOf(message: kafkajs22.KafkaMessage): HandledMessage {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [
    name,
    String(value),
  ])
  return { body: String(message.value), headers: Object.fromEntries(headers) }
}

function attributesOf(destination: string, operation: string, type: string) {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
    'messaging.destination.name': destination,
  }
}
