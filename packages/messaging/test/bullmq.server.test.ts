import { randomUUID } from 'node:crypto'
import { tenant } from '@callchain/core'
import {
  createRecorder,
  type MessageHandler,
  type MessagingUnderTest,
  messageContract,
} from '@callchain/testing'
import { describe, expect, it } from '@jest/globals'
import * as bullmq6 from 'bullmq'
import * as bullmq5 from 'bullmq-5'
import { libraryLine } from '../../../test/library-line.ts'
import { traceBull, traceBullJob } from '../src/bullmq.ts'

const url = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1')
const connection = { host: url.hostname, port: Number(url.port), maxRetriesPerRequest: null }

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, typeof bullmq6>> = {
  [libraryLine('bullmq')]: bullmq6,
  [libraryLine('bullmq', 'bullmq-5')]: bullmq5 as unknown as typeof bullmq6,
}

/** What BullMQ does not have. */
const gaps = {
  'sends what just fits without tracing': 'Redis takes 512 MiB',
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'a worker handles one job at a time',
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
        attributes: {
          ...attributesOf(destination, 'process', 'process'),
          'callchain.message.attempt': 1,
        },
      }),
      connect: async ({ trace, options }) => {
        const destination = `contract-${randomUUID()}`
        const traced = <T extends object>(target: T): T => {
          for (let time = 0; time < trace; time += 1)
            expect(traceBull(target, options)).toBe(target)
          return target
        }
        const plain = new Queue(destination, { connection })
        const queue = traced(new Queue(destination, { connection }))
        await queue.waitUntilReady()
        const workers: { close(force: boolean): Promise<void> }[] = []
        const again = { attempts: 2, backoff: 0 }
        const optionsOf = (headers: Readonly<Record<string, unknown>> = {}) => ({
          ...again,
          ...(Object.keys(headers).length > 0 && {
            telemetry: { metadata: JSON.stringify(headers) },
          }),
        })
        return {
          destination,
          send: (body, headers) => queue.add('job', body, optionsOf(headers)),
          sendFrozen: async (body) => {
            const given = Object.freeze({
              ...again,
              telemetry: Object.freeze({ metadata: '{"a":"b"}' }),
            })
            const before = JSON.stringify(given)
            await queue.add('job', body, given)
            return JSON.stringify(given) === before
          },
          sendBatch: (bodies) =>
            queue.addBulk(bodies.map((data) => ({ name: 'job', data, opts: again }))),
          sendRefused: () => queue.add('job', 'x', { parent: { id: '1', queue: 'bull:none' } }),
          plant: (body, headers) => plain.add('job', body, optionsOf(headers)),
          consume: async (handle: MessageHandler) => {
            const worker = traced(
              new Worker(
                destination,
                async (job) => handle({ body: String(job.data), headers: headersOf(job.opts) }),
                { connection, concurrency: 4 },
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

  messageContract({ name: `Redis of ${line}`, system: underTest(), gaps })
  if (line === Object.keys(lines)[0]) {
    messageContract({
      name: `Redis of ${line}, with the spans of the recorder`,
      system: underTest(),
      gaps,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  it('writes one span for a flow, into every job of it', async () => {
    const recorder = createRecorder()
    const producer = traceBull(new FlowProducer({ connection }))
    const name = `flow-${randomUUID()}`
    const children = Object.freeze([Object.freeze({ name: 'child', queueName: name })])
    await producer.add({ name: 'parent', queueName: name, children: [...children] })
    const queue = new Queue(name, { connection })
    const jobs = await queue.getJobs()
    const carried = jobs.map(({ opts }) => headersOf(opts).traceparent)
    expect(jobs).toHaveLength(2)
    const [producerSpan] = recorder.spans()
    const { traceId, spanId } = producerSpan?.spanContext() ?? {}
    expect(carried).toEqual(Array(2).fill(`00-${traceId}-${spanId}-03`))
    expect(recorder.spans()).toHaveLength(1)
    await recorder.shutdown()
    await queue.obliterate({ force: true })
    await Promise.all([queue.close(), producer.close()])
  })

  it('processes a job whose metadata is not JSON, and the next one', async () => {
    const recorder = createRecorder()
    const name = `odd-${randomUUID()}`
    const queue = new Queue(name, { connection })
    await queue.add('odd', 1, { telemetry: { metadata: 'not JSON' } })
    await queue.add('good', 2)
    const seen: unknown[] = []
    const worker = traceBull(
      new Worker(name, async ({ data }) => void seen.push(data), { connection }),
    )
    await recorder.waitFor(2)
    expect(seen).toEqual([1, 2])
    await worker.close(true)
    await queue.obliterate({ force: true })
    await queue.close()
    await recorder.shutdown()
  })

  it('traces a job in the file of a sandboxed processor', () => {
    const recorder = createRecorder()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const metadata = JSON.stringify({ traceparent, baggage: 'tenant.id=acme' })
    const job = { id: '7', queueName: 'mail', opts: { telemetry: { metadata } } }
    expect(traceBullJob(job, () => tenant.get())).toBe('acme')
    expect(recorder.spans().map((span) => [span.name, span.parentSpanContext?.spanId])).toEqual([
      ['process mail', 'b7ad6b7169203331'],
    ])
    return recorder.shutdown()
  })

  it('refuses what it cannot trace', () => {
    expect(() => traceBull({})).toThrow(/traceBull\(\) takes a Queue, a Worker or a FlowProducer/)
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
    'server.address': url.hostname,
    'server.port': Number(url.port),
  }
}
