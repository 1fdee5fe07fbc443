import assert from 'node:assert/strict'
import { once } from 'node:events'
import { runWithIdentity, tenant } from '@callchain/core'
import { traceMessage } from '@callchain/messaging'
import { tracePlatformaticKafka } from '@callchain/messaging/platformatic-kafka'
import { createRecorder, type Recorder, type TestRunner } from '@callchain/testing'
import { SpanKind } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import {
  type AnyProducer,
  baseOptions,
  createTopic,
  type PlatformaticKafka,
} from './platformatic-kafka-contract.ts'

interface Stage {
  readonly topic: string
  readonly recorder: Recorder
  /** A traced producer, with options of its own. */
  produce(options?: object): AnyProducer
  /** Reads so many messages from the beginning, and hands each to `see`, in its CONSUMER span. */
  read<T>(count: number, see: (message: Message) => T, options?: object): Promise<T[]>
}

interface Message {
  readonly value: unknown
  readonly headers: ReadonlyMap<unknown, unknown>
  /** All headers, in version 2. */
  readonly headerEntries?: unknown
}

const text = Buffer.from

/** What is peculiar to the library: its streams, transactions, callbacks and serializers. */
export function platformaticPromises(
  line: string,
  kafka: PlatformaticKafka,
  { describe, it }: TestRunner,
): void {
  const on = (check: (stage: Stage) => Promise<void>) => () => withStage(kafka, check)
  const hasStreams = 'ProducerStream' in kafka

  describe(`on ${line}`, () => {
    it(
      'calls back in the context of who has sent, once the span has ended',
      on(async ({ topic, produce, recorder }) => {
        const producer = produce()
        const ended = await new Promise((resolve, reject) => {
          runWithIdentity({ 'tenant.id': 'acme' }, () =>
            producer.send({ messages: [{ topic, value: text('1') }] }, (error: unknown) =>
              error ? reject(error) : resolve([tenant.get(), producersOf(recorder).length]),
            ),
          )
        })
        assert.deepEqual(ended, ['acme', 1])
      }),
    )

    it(
      'writes headers as the serializers take them, into a record of headers as well',
      on(async ({ topic, produce, read }) => {
        const json = { headerKey: kafka.jsonSerializer, headerValue: kafka.jsonSerializer }
        const strings = { serializers: kafka.stringSerializers }
        for (const options of [{ serializers: json }, strings]) {
          const message = { topic, value: options === strings ? '1' : text('1') }
          await runWithIdentity({ 'tenant.id': 'acme' }, () =>
            produce(options).send({ messages: [{ ...message, headers: { own: 'a' } }] }),
          )
        }
        const [asJson, plain] = await read(2, ({ headers }) =>
          [...headers].map(([name, value]) => [String(name), String(value)]),
        )
        assert.deepEqual(plain?.slice(-1), [['baggage', 'tenant.id=acme']])
        assert.deepEqual(asJson?.slice(-1), [['"baggage"', '"tenant.id=acme"']])
        assert.deepEqual(plain?.[0], ['own', 'a'])
      }),
    )

    it(
      'leaves headers that the library does not take to the library',
      on(async ({ topic, produce }) => {
        const outcome = async (producer: AnyProducer): Promise<unknown> => {
          const messages = [{ topic, value: text('1'), headers: 'none' }]
          return producer.send({ messages }).then(
            () => 'sent',
            (error: Error) => error.message,
          )
        }
        const plain = new kafka.Producer({ ...baseOptions(), strict: true }) as AnyProducer
        const expected = await outcome(plain)
        await plain.close()
        assert.equal(await outcome(produce({ strict: true })), expected)
        assert.notEqual(expected, 'sent')
      }),
    )

    it(
      'believes none of several traceparents, where the library hands over all of them',
      on(async ({ topic, read, recorder }) => {
        const plain = new kafka.Producer(baseOptions())
        const span = '00f067aa0ba902b7'
        const traces = ['0af7651916cd43dd8448eb211c80319c', '4bf92f3577b34da6a3ce929d0e0e4736']
        const headers = new Map(
          traces.map((id) => [text('traceparent'), text(`00-${id}-${span}-01`)]),
        )
        await plain.send({ messages: [{ topic, value: text('1'), headers }] })
        await plain.close()
        const deserializers = kafka.stringDeserializers
        const [hasAll] = await read(1, (message) => 'headerEntries' in message, { deserializers })
        const [consumer] = recorder.spans()
        assert.equal(consumer?.parentSpanContext?.traceId, hasAll ? undefined : traces[1])
      }),
    )

    it(
      'traces what a transaction sends',
      on(async ({ topic, produce, recorder }) => {
        const producer = produce({ idempotent: true, transactionalId: topic, retries: 5 })
        if (producer.beginTransaction === undefined) return
        const transaction = await producer.beginTransaction()
        await transaction.send({ messages: [{ topic, value: text('1') }] })
        await transaction.commit()
        assert.deepEqual(
          recorder.spans().map(({ name, kind }) => [name, kind]),
          [[`send ${topic}`, SpanKind.PRODUCER]],
        )
      }),
    )

    if (hasStreams) {
      it(
        'gives what a stream sends at once the trace and the tenant of who has written it',
        on(async ({ topic, produce, read, recorder }) => {
          const stream = produce().asStream({ batchSize: 4, reportMode: 'message' as never })
          const reported: unknown[] = []
          stream.on('delivery-report', ({ message }: { message: unknown }) => {
            reported.push(message)
          })
          const messages = ['acme', 'beta', 'acme', 'nobody'].map((value) => ({
            topic,
            value: text(value),
          }))
          const write = (message: object | undefined): unknown => stream.write(message)
          runWithIdentity({ 'tenant.id': 'acme' }, () => [0, 2].map((n) => write(messages[n])))
          runWithIdentity({ 'tenant.id': 'beta' }, () => write(messages[1]))
          stream.end(messages[3])
          await once(stream, 'close')
          const seen = await read(4, ({ value }) => [String(value), tenant.get() ?? 'nobody'])
          for (const [sent, found] of seen) assert.equal(found, sent)
          assert.deepEqual(
            producersOf(recorder).map(
              ({ attributes }) => attributes['messaging.batch.message_count'],
            ),
            [2, undefined, undefined],
          )
          // The application's own, not our copies.
          assert.equal(new Set([...reported, ...messages]).size, messages.length)
        }),
      )
    }
  })
}

function producersOf(recorder: Recorder): ReadableSpan[] {
  return recorder.spans().filter(({ kind }) => kind === SpanKind.PRODUCER)
}

async function withStage(
  kafka: PlatformaticKafka,
  check: (stage: Stage) => Promise<void>,
): Promise<void> {
  const recorder = createRecorder()
  const topic = await createTopic(kafka)
  const closing: (() => unknown)[] = []
  const produce = (options: object = {}): AnyProducer => {
    const given = { ...baseOptions(), retries: 0, ...options }
    const producer = tracePlatformaticKafka(new kafka.Producer(given)) as AnyProducer
    closing.push(() => producer.close())
    return producer
  }
  try {
    const read: Stage['read'] = (...args) => readFrom(kafka, topic, ...args)
    await check({ topic, recorder, produce, read })
  } finally {
    for (const close of closing) await close()
    await recorder.shutdown()
  }
}

async function readFrom<T>(
  kafka: PlatformaticKafka,
  topic: string,
  count: number,
  see: (message: Message) => T,
  options: object = {},
): Promise<T[]> {
  const settings = { ...baseOptions(), groupId: `group-${topic}`, maxWaitTime: 50, ...options }
  const consumer = tracePlatformaticKafka(new kafka.Consumer(settings))
  const seen: T[] = []
  for await (const message of await consumer.consume({ topics: [topic], mode: 'earliest' })) {
    seen.push(traceMessage(message, () => see(message)))
    if (seen.length === count) break
  }
  await consumer.close(true)
  return seen
}
