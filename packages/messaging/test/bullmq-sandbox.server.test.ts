import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runWithIdentity } from '@callchain/core'
import { createRecorder, type SpanCollector, startCollector } from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import { type Job, Queue, QueueEvents, Worker } from 'bullmq'
import { traceBull } from '../src/bullmq.ts'

const root = join(__dirname, '../../..')
const file = join(__dirname, 'fixtures/sandboxed.mjs')
const url = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1')
const connection = { host: url.hostname, port: Number(url.port), maxRetriesPerRequest: null }

let collector: SpanCollector

beforeAll(async () => {
  // A process of its own runs what is built.
  const args = ['scripts/set-up.cjs', '--build', '--no-install']
  await promisify(execFile)(process.execPath, args, { cwd: root })
  collector = await startCollector()
}, 300_000)
afterAll(() => collector?.close())

describe('a sandboxed processor of BullMQ', () => {
  it.each([
    ['a process', false],
    ['a thread', true],
  ])(
    'has the trace and the tenant of who added its job, in %s',
    async (_where, useWorkerThreads) => {
      const recorder = createRecorder()
      const name = `sandbox-${randomUUID()}`
      const env = { ...process.env, ...collector.environment, OTEL_TRACES_EXPORTER: 'otlp' }
      const queue = traceBull(new Queue(name, { connection }))
      const events = new QueueEvents(name, { connection })
      await events.waitUntilReady()
      const worker = traceBull(
        new Worker(name, file, {
          connection,
          useWorkerThreads,
          workerForkOptions: { env },
          workerThreadsOptions: { env },
        }),
      )
      try {
        const job = (await runWithIdentity({ 'tenant.id': 'acme' }, () =>
          queue.add('resize', 'good'),
        )) as Job
        const [producer] = recorder.spans().filter(({ kind }) => kind === SpanKind.PRODUCER)
        const { traceId, spanId } = producer?.spanContext() ?? {}
        const result = await job.waitUntilFinished(events)
        expect(result).toMatchObject({
          trace: traceId,
          tenant: 'acme',
          isMainThread: !useWorkerThreads,
        })
        expect(result.pid === process.pid).toBe(useWorkerThreads)
        const odd = await queue.add('resize', 'odd')
        await expect(odd.waitUntilFinished(events)).rejects.toThrow('odd')

        const [good] = await collector.store.waitFor(`trace:${traceId} kind:consumer`)
        expect(good).toMatchObject({ name: `process ${name}`, service: 'sandbox', parent: spanId })
        const [failed] = await collector.store.waitFor(`queue:${name} status:error`)
        expect(failed?.attributes).toMatchObject({ 'error.type': 'RangeError' })
      } finally {
        await worker.close()
        await events.close()
        await queue.obliterate({ force: true })
        await queue.close()
        await recorder.shutdown()
      }
    },
  )
})
