import { randomUUID } from 'node:crypto'
import { runWithIdentity, tenant } from '@callchain/core'
import {
  createRecorder,
  type MessageHandler,
  type MessagingUnderTest,
  messageContract,
  type Recorder,
} from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import { PgBoss as PgBoss12 } from 'pg-boss'
import PgBoss10 from 'pg-boss-10'
import PgBoss100 from 'pg-boss-10.0'
import PgBoss11 from 'pg-boss-11'
import PgBoss110 from 'pg-boss-11.0'
import { libraryLine } from '../../../test/library-line.ts'
import { traceMessage } from '../src/index.ts'
import { tracePgBoss } from '../src/pg-boss.ts'

const connectionString = process.env.DATABASE_URL ?? 'postgres://127.0.0.1'
const url = new URL(connectionString)

/** What the tests use of a PgBoss of any line. */
interface Boss {
  start(): Promise<unknown>
  stop(options: { graceful: boolean; wait: boolean }): Promise<void>
  createQueue(name: string, options?: object): Promise<unknown>
  send(name: string, data?: unknown, options?: object): Promise<string | null>
  insert(...args: unknown[]): Promise<unknown>
  fetch(name: string, options?: object): Promise<Job[]>
  work(name: string, options: object, handler: (jobs: Job[]) => unknown): Promise<string>
  schedule(name: string, cron: string, data?: object): Promise<void>
  notifyWorker(id: string): void
  getSchedules(): Promise<{ name: string; data: object }[]>
  getJobById(name: string, id: string): Promise<Job | null>
  getDb(): { executeSql(text: string): Promise<unknown> }
  on(event: 'error', listener: (error: unknown) => void): unknown
}
interface Job {
  id: string
  data: unknown
}
type BossClass = new (options: object) => Boss

/** The oldest and the newest of each major version that we serve; 10 is for Node 20. */
const lines: Readonly<Record<string, { Boss: BossClass; insertsByName: boolean }>> = {
  [libraryLine('pg-boss', 'pg-boss-10.0')]: {
    Boss: PgBoss100 as unknown as BossClass,
    insertsByName: false,
  },
  [libraryLine('pg-boss', 'pg-boss-10')]: {
    Boss: PgBoss10 as unknown as BossClass,
    insertsByName: false,
  },
  [libraryLine('pg-boss', 'pg-boss-11.0')]: {
    Boss: PgBoss110 as unknown as BossClass,
    insertsByName: true,
  },
  [libraryLine('pg-boss', 'pg-boss-11')]: {
    Boss: PgBoss11 as unknown as BossClass,
    insertsByName: true,
  },
  [libraryLine('pg-boss')]: { Boss: PgBoss12 as unknown as BossClass, insertsByName: true },
}

/** What pg-boss does not have. */
const gaps = {
  'sends what just fits without tracing': 'Postgres takes 1 GB',
  'makes a failed span of a message that its handler refuses without throwing':
    'a handler fails by throwing',
  'makes a failed span of a handler that throws after it has said that it was done':
    'the library acknowledges by itself',
  'ends the span of a handler without a promise when the message is acknowledged':
    'the library acknowledges by itself',
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'a schedule ticks once a minute; a test below makes two jobs of one',
}

describe.each(Object.entries(lines))('%s', (line, { Boss, insertsByName }) => {
  const schema = `boss_${randomUUID().slice(0, 8)}`
  const settings = {
    connectionString,
    schema,
    // Of what waits for a connection when the pool ends, pg-boss waits for ever.
    max: 8,
    supervise: false,
    schedule: false,
    openTelemetry: { enabled: false },
  }
  /** Ours alone, which makes and removes queues. */
  const plain = new Boss(settings)
  beforeAll(async () => {
    await plain.start()
  })
  afterAll(async () => {
    await plain.getDb().executeSql(`DROP SCHEMA ${schema} CASCADE`)
    await plain.stop({ graceful: true, wait: true })
  })

  const dataOf = (body: string, headers: Readonly<Record<string, unknown>> = {}) =>
    Object.keys(headers).length === 0 ? { body } : { body, _trace: headers }

  function underTest(): MessagingUnderTest {
    return {
      retries: true,
      refusal: 'ERR_ASSERTION',
      hostile: [7, null, ['a', 'b'], { a: 1 }, true, 'x'.repeat(15_000), ''],
      sends: (destination) => ({
        name: `send ${destination}`,
        attributes: attributesOf(destination, 'send', 'send'),
      }),
      processes: (destination) => ({
        name: `process ${destination}`,
        attributes: attributesOf(destination, 'process', 'process'),
      }),
      connect: async ({ trace, options }) => {
        const destination = `contract-${randomUUID()}`
        await plain.createQueue(destination, { retryLimit: 1, retryDelay: 0 })
        const boss = new Boss(settings)
        const errors: unknown[] = []
        boss.on('error', (error) => errors.push(error))
        for (let time = 0; time < trace; time += 1) expect(tracePgBoss(boss, options)).toBe(boss)
        await boss.start()
        const seen = new WeakMap<object, unknown>()
        const handled = (job: Job) => {
          const { body } = job.data as { body: string }
          const message = { body, headers: carried.get(job.id) ?? {} }
          seen.set(message, job)
          return message
        }
        const carried = new Map<string, Record<string, string>>()
        /** What a job carries, as it stands in the database: a handler does not see it. */
        const look = async (jobs: Job[]) => {
          for (const { id } of jobs) {
            const job = await plain.getJobById(destination, id)
            const { _trace: headers = {} } = (job?.data ?? {}) as { _trace?: object }
            carried.set(id, headers as Record<string, string>)
          }
        }
        const work = { pollingIntervalSeconds: 0.5 }
        const workers: string[] = []
        const wake = <T>(result: T): T => {
          for (const id of workers) boss.notifyWorker(id)
          return result
        }
        return {
          destination,
          send: (body, headers) => boss.send(destination, dataOf(body, headers)).then(wake),
          sendFrozen: async (body) => {
            const data = Object.freeze({ body, _trace: Object.freeze({ a: 'b' }) })
            const before = JSON.stringify(data)
            wake(await boss.send(destination, data, Object.freeze({ priority: 1 })))
            return JSON.stringify(data) === before
          },
          sendBatch: (bodies) => {
            const jobs = bodies.map((body) => ({ name: destination, data: dataOf(body) }))
            return insertsByName ? boss.insert(destination, jobs) : boss.insert(jobs)
          },
          sendRefused: () => boss.send(destination, { body: 'x' }, { priority: 'high' }),
          plant: (body, headers) => plain.send(destination, dataOf(body, headers)).then(wake),
          consume: async (handle: MessageHandler) => {
            for (let worker = 0; worker < 4; worker += 1) {
              const id = await boss.work(destination, work, async (jobs) => {
                await look(jobs)
                for (const job of jobs) await handle(handled(job))
                setImmediate(wake, undefined)
              })
              workers.push(id)
            }
          },
          consumeBatches: async (handle) => {
            await boss.work(destination, { ...work, batchSize: 10 }, (jobs) =>
              handle(jobs.map(handled), (message, run) =>
                traceMessage(seen.get(message) as object, run),
              ),
            )
          },
          close: async () => {
            await boss.stop({ graceful: true, wait: true })
            expect(errors).toEqual([])
          },
        }
      },
    }
  }

  messageContract({ name: `Postgres with ${line}`, system: underTest(), gaps })
  if (line === Object.keys(lines)[0]) {
    messageContract({
      name: `Postgres with ${line}, with the spans of the recorder`,
      system: underTest(),
      gaps,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  /** A traced boss with a queue of its own, and what is recorded. */
  async function withBoss(
    check: (boss: Boss, queue: string, recorder: Recorder) => Promise<void>,
  ): Promise<void> {
    const recorder = createRecorder()
    const boss = tracePgBoss(new Boss(settings))
    boss.on('error', (error) => expect(error).toBeUndefined())
    await boss.start()
    const queue = `queue-${randomUUID()}`
    await boss.createQueue(queue, { retryLimit: 0 })
    try {
      await check(boss, queue, recorder)
    } finally {
      await boss.stop({ graceful: true, wait: true })
      await recorder.shutdown()
    }
  }

  it('hands a fetched job over with the data that was sent, and `traceMessage` handles it', () =>
    withBoss(async (boss, queue, recorder) => {
      await runWithIdentity({ 'tenant.id': 'acme' }, () => boss.send(queue, { a: 1 }))
      await boss.send(queue)
      await boss.send(queue, { _trace: 'mine' })
      const jobs = await boss.fetch(queue, { batchSize: 3 })
      const sent = [{ a: 1 }, null, { _trace: 'mine' }]
      expect(jobs.map(({ data }) => data)).toEqual(expect.arrayContaining(sent))
      expect(jobs).toHaveLength(3)
      const job = jobs.find(({ data }) => data !== null && 'a' in (data as object))
      expect(job && traceMessage(job, () => tenant.get())).toBe('acme')
      const [consumer] = recorder.spans().filter(({ kind }) => kind === SpanKind.CONSUMER)
      expect(consumer?.attributes['messaging.message.id']).toBe(job?.id)
    }))

  it('begins a trace for each job of a schedule, with a link and nobody’s identity', () =>
    withBoss(async (boss, queue, recorder) => {
      await runWithIdentity({ 'tenant.id': 'acme' }, () => boss.schedule(queue, '0 3 * * *'))
      const [schedule] = (await boss.getSchedules()).filter(({ name }) => name === queue)
      // As the clock does at three.
      for (const _ of [1, 2]) await plain.send(queue, schedule?.data)
      const seen: unknown[] = []
      for (const _ of [1, 2]) {
        const [job] = await boss.fetch(queue)
        seen.push(job && traceMessage(job, () => [job.data, tenant.get()]))
      }
      expect(seen).toEqual(Array(2).fill([null, undefined]))
      const spans = recorder.spans().filter(({ kind }) => kind === SpanKind.CONSUMER)
      const producer = recorder.spans().find(({ kind }) => kind === SpanKind.PRODUCER)
      expect(producer?.name).toBe(`schedule ${queue}`)
      expect(spans.map(({ parentSpanContext }) => parentSpanContext)).toEqual([
        undefined,
        undefined,
      ])
      expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(2)
      for (const { links } of spans)
        expect(links.map(({ context }) => context)).toMatchObject([
          { spanId: producer?.spanContext().spanId },
        ])
    }))

  it('joins the trace of who sent it from the dead letter queue, and counts attempts', () =>
    withBoss(async (boss, dead, recorder) => {
      const queue = `queue-${randomUUID()}`
      await boss.createQueue(queue, { retryLimit: 1, retryDelay: 0, deadLetter: dead })
      await runWithIdentity({ 'tenant.id': 'acme' }, () => boss.send(queue, { a: 1 }))
      const options = { pollingIntervalSeconds: 0.5, includeMetadata: true }
      const dying = boss.work(queue, options, () => {
        throw new RangeError('never')
      })
      const seen = new Promise((resolve) => {
        boss.work(dead, options, async ([job]) => resolve([job?.data, tenant.get()]))
      })
      await dying
      expect(await seen).toEqual([{ a: 1 }, 'acme'])
      const isConsumer = ({ kind }: { kind: SpanKind }) => kind === SpanKind.CONSUMER
      const all = await recorder.waitFor((spans) => spans.filter(isConsumer).length === 3)
      expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(1)
      expect(all.filter(isConsumer).map(({ attributes }) => attributes)).toMatchObject([
        { 'callchain.message.attempt': 1, 'error.type': 'RangeError' },
        { 'callchain.message.attempt': 2, 'error.type': 'RangeError' },
        { 'callchain.message.attempt': 1, 'tenant.id': 'acme' },
      ])
    }))
})

describe('tracePgBoss()', () => {
  it('refuses what it cannot trace, and options that are not allowed', () => {
    expect(() => tracePgBoss({})).toThrow('tracePgBoss() takes a PgBoss of pg-boss 10 or later')
    expect(() => tracePgBoss({}, { member: '' })).toThrow(
      /member of tracePgBoss\(\).*non-empty name/,
    )
    expect(() => tracePgBoss({}, { trust: 'all' as 'edge' })).toThrow(/trust/)
  })
})

function attributesOf(destination: string, operation: string, type: string) {
  return {
    'messaging.system': 'pg-boss',
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
    'messaging.destination.name': destination,
    'server.address': url.hostname,
    'server.port': Number(url.port),
  }
}
