import { randomUUID } from 'node:crypto'
import { runWithIdentity, tenant } from '@callchain/core'
import { createRecorder, type MessagingUnderTest, messageContract } from '@callchain/testing'
import { describe, expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import * as bullmq6 from 'bullmq'
import * as bullmq5 from 'bullmq-5'
import { libraryLine } from '../../../test/library-line.ts'
import { bullTelemetry, traceBull } from '../src/bullmq.ts'

const url = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1')
const connection = { host: url.hostname, port: Number(url.port), maxRetriesPerRequest: null }

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, typeof bullmq6>> = {
  [libraryLine('bullmq')]: bullmq6,
  [libraryLine('bullmq', 'bullmq-5')]: bullmq5 as unknown as typeof bullmq6,
}

const OVERWRITTEN = 'BullMQ writes over the headers that a job was given'

/** What the option `telemetry` does not have. */
const gaps = {
  'sends what just fits without tracing': 'Redis takes 512 MiB',
  'sends one traceparent, replaces that of a forwarded message and links to it': OVERWRITTEN,
  'writes identity first into the baggage, before what the application has put there': OVERWRITTEN,
  'keeps the trace that the application has put in where no other is active': OVERWRITTEN,
  'touches neither the message nor its headers, and takes frozen ones': OVERWRITTEN,
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'a worker handles one job at a time',
  'makes a failed span of each attempt, a sibling of the others, and leaves retrying to the system':
    'BullMQ says that a job has failed, not with which error; a test below sees the spans',
  'makes a failed span of a message that its handler refuses without throwing':
    'a handler fails by throwing',
  'makes a failed span of a handler that throws after it has said that it was done':
    'the library acknowledges by itself',
  'ends the span of a handler without a promise when the message is acknowledged':
    'the library acknowledges by itself',
}

describe.each(Object.entries(lines))('%s', (line, { Queue, Worker, FlowProducer }) => {
  function underTest(): MessagingUnderTest {
    return {
      retries: true,
      refusal: 'Error',
      hostile: [7, null, ['a', 'b'], { a: 1 }, true, 'x'.repeat(15_000), ''],
      sends: (destination) => ({
        name: `add ${destination}`,
        attributes: attributesOf(destination, 'add', 'send'),
      }),
      processes: (destination) => ({
        name: `process ${destination}`,
        attributes: attributesOf(destination, 'process', 'process'),
      }),
      connect: async ({ trace, options }) => {
        const destination = `contract-${randomUUID()}`
        const traced = { connection, ...(trace > 0 && { telemetry: bullTelemetry(options) }) }
        const twice = <T extends object>(target: T): T => (trace > 1 ? traceBull(target) : target)
        const plain = new Queue(destination, { connection })
        const queue = twice(new Queue(destination, traced))
        const workers: { close(force: boolean): Promise<void> }[] = []
        const optionsOf = (headers: object = {}) => ({
          attempts: 2,
          backoff: 0,
          ...(Object.keys(headers).length > 0 && {
            telemetry: { metadata: JSON.stringify(headers) },
          }),
        })
        return {
          destination,
          send: (body, headers) => queue.add('job', body, optionsOf(headers)),
          sendFrozen: async (body) => {
            const given = Object.freeze(optionsOf({ a: 'b' }))
            const before = JSON.stringify(given)
            const job = await queue.add('job', body, given)
            expect(headersOf(job.opts)).toMatchObject({ a: 'b' })
            return JSON.stringify(given) === before
          },
          sendBatch: (bodies) =>
            queue.addBulk(bodies.map((data) => ({ name: 'job', data, opts: optionsOf() }))),
          sendRefused: () => queue.add('job', 'x', { parent: { id: '1', queue: 'bull:none' } }),
          plant: (body, headers) => plain.add('job', body, optionsOf(headers)),
          consume: async (handle) => {
            const worker = twice(
              new Worker(
                destination,
                async (job) => handle({ body: String(job.data), headers: headersOf(job.opts) }),
                { ...traced, concurrency: 4 },
              ),
            )
            workers.push(worker)
            await worker.waitUntilReady()
          },
          repeat: async (body) => {
            await queue.upsertJobScheduler('tick', { every: 100 }, { name: 'tick', data: body })
          },
          close: async () => {
            await Promise.all(workers.map((worker) => worker.close(true)))
            await plain.obliterate({ force: true })
            await Promise.all([plain.close(), queue.close()])
          },
        }
      },
    }
  }

  messageContract({ name: `telemetry of ${line}`, system: underTest(), gaps })
  if (line === Object.keys(lines)[0]) {
    messageContract({
      name: `telemetry of ${line}, with the spans of the recorder`,
      system: underTest(),
      gaps,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  it('makes a failed span of each attempt in the trace of who sent it, and none of what is not a job', async () => {
    const recorder = createRecorder()
    const name = `failing-${randomUUID()}`
    const options = { connection, telemetry: bullTelemetry() }
    const queue = new Queue(name, options)
    await runWithIdentity({ 'tenant.id': 'acme' }, () =>
      queue.add('job', 1, { attempts: 2, backoff: 0 }),
    )
    const seen: unknown[] = []
    const worker = new Worker(
      name,
      async () => {
        seen.push(tenant.get())
        if (seen.length === 1) throw new RangeError('at first')
      },
      options,
    )
    const isConsumer = ({ kind }: { kind: SpanKind }) => kind === SpanKind.CONSUMER
    const all = await recorder.waitFor((spans) => spans.filter(isConsumer).length === 2)
    expect(seen).toEqual(['acme', 'acme'])
    const [first, second] = all.filter(isConsumer)
    expect(first?.attributes).toMatchObject({ 'error.type': '_OTHER', 'tenant.id': 'acme' })
    expect(second?.attributes['error.type']).toBeUndefined()
    const producer = all.find(({ kind }) => kind === SpanKind.PRODUCER)
    for (const span of [first, second])
      expect(span?.parentSpanContext?.spanId).toBe(producer?.spanContext().spanId)
    await worker.close()
    await queue.obliterate({ force: true })
    await queue.close()
    expect(recorder.spans().map((span) => span.name)).toEqual([
      `add ${name}`,
      'runWithIdentity',
      `process ${name}`,
      `process ${name}`,
    ])
    await recorder.shutdown()
  })

  it('has a span for each job of a flow', async () => {
    const recorder = createRecorder()
    const name = `flow-${randomUUID()}`
    const flows = new FlowProducer({ connection, telemetry: bullTelemetry() })
    // BullMQ writes nothing into a job of a flow that has no options.
    const node = { queueName: name, opts: {} }
    await flows.add({ ...node, name: 'parent', children: [{ ...node, name: 'child' }] })
    const queue = new Queue(name, { connection })
    const carried = (await queue.getJobs()).map(({ opts }) => headersOf(opts).traceparent)
    const expected = recorder.spans().map((span) => {
      expect(span.name).toBe(`addNode ${name}`)
      const { traceId, spanId } = span.spanContext()
      return `00-${traceId}-${spanId}-03`
    })
    expect(carried.toSorted()).toEqual(expected.toSorted())
    expect(carried).toHaveLength(2)
    await queue.obliterate({ force: true })
    await Promise.all([queue.close(), flows.close()])
    await recorder.shutdown()
  })
})

describe('bullTelemetry()', () => {
  it('refuses options that are not allowed', () => {
    expect(() => bullTelemetry({ trust: 'all' as 'edge' })).toThrow(/trust/)
  })
})

function headersOf(opts: unknown): Record<string, string | undefined> {
  const { telemetry } = (opts ?? {}) as { telemetry?: { metadata?: string } }
  return telemetry?.metadata === undefined ? {} : JSON.parse(telemetry.metadata)
}

function attributesOf(destination: string, operation: string, type: string) {
  return {
    'messaging.system': 'bullmq',
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
    'messaging.destination.name': destination,
  }
}
