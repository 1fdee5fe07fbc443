import { randomUUID } from 'node:crypto'
import { createRecorder, type MessagingUnderTest, messageContract } from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PgBoss } from 'pg-boss'
import { libraryLine } from '../../../test/library-line.ts'
import { pgBossTelemetry } from '../src/pg-boss.ts'

const connectionString = process.env.DATABASE_URL ?? 'postgres://127.0.0.1'
const schema = `boss_${randomUUID().slice(0, 8)}`
const settings = { connectionString, schema, max: 8, supervise: false, schedule: false }
const plain = new PgBoss({ ...settings, openTelemetry: { enabled: false } })

interface Row {
  trace_context: Record<string, string> | null
}
async function query(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await plain.getDb().executeSql(text, values)).rows
}

beforeAll(async () => {
  await plain.start()
})
afterAll(async () => {
  await query(`DROP SCHEMA ${schema} CASCADE`)
  await plain.stop({ graceful: true })
})

const OWN_COLUMN = 'the application cannot write the column that carries the trace'

/** What the option of pg-boss does not have. */
const gaps = {
  'sends what just fits without tracing': 'Postgres takes 1 GB',
  'touches neither the message nor its headers, and takes frozen ones': OWN_COLUMN,
  'sends one traceparent, replaces that of a forwarded message and links to it': OWN_COLUMN,
  'keeps the trace that the application has put in where no other is active': OWN_COLUMN,
  'writes identity first into the baggage, before what the application has put there': OWN_COLUMN,
  'makes a failed span of a message that its handler refuses without throwing':
    'a handler fails by throwing',
  'makes a failed span of a handler that throws after it has said that it was done':
    'the library acknowledges by itself',
  'ends the span of a handler without a promise when the message is acknowledged':
    'the library acknowledges by itself',
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'pg-boss does not say which jobs are in a batch',
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'pg-boss makes the jobs of a schedule outside any trace, and links them to nothing',
}

function underTest(): MessagingUnderTest {
  return {
    retries: true,
    refusal: 'PGBOSS_QUEUE_NOT_FOUND',
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
      const openTelemetry = trace > 0 ? pgBossTelemetry(options) : { enabled: false }
      const boss = new PgBoss({ ...settings, openTelemetry })
      const errors: unknown[] = []
      boss.on('error', (error) => errors.push(error))
      await boss.start()
      const workers: string[] = []
      const wake = <T>(result: T): T => {
        for (const id of workers) boss.notifyWorker(id)
        return result
      }
      const headersOf = async (id: string) => {
        const [row] = await query(`SELECT trace_context FROM ${schema}.job WHERE id = $1`, [id])
        return row?.trace_context ?? {}
      }
      return {
        destination,
        send: (body) => boss.send(destination, { body }).then(wake),
        sendBatch: (bodies) =>
          boss.insert(
            destination,
            bodies.map((body) => ({ data: { body } })),
          ),
        sendRefused: () => boss.send('nowhere', { body: 'x' }),
        plant: async (body, headers) => {
          const later = { startAfter: 3600 }
          const id = await plain.send(destination, { body }, later)
          await query(
            `UPDATE ${schema}.job SET trace_context = $2, start_after = now() WHERE id = $1`,
            [id, Object.keys(headers).length === 0 ? null : JSON.stringify(headers)],
          )
          wake(id)
        },
        consume: async (handle) => {
          for (let worker = 0; worker < 4; worker += 1) {
            const id = await boss.work<{ body: string }>(
              destination,
              { pollingIntervalSeconds: 0.5 },
              async ([job]) => {
                if (job === undefined) return
                await handle({ body: job.data.body, headers: await headersOf(job.id) })
                setImmediate(wake, undefined)
              },
            )
            workers.push(id)
          }
        },
        close: async () => {
          await boss.stop({ graceful: true })
          expect(errors).toEqual([])
        },
      }
    },
  }
}

describe(`telemetry of ${libraryLine('pg-boss')}`, () => {
  messageContract({ name: 'its option openTelemetry', system: underTest(), gaps })

  it('makes a root of a batch, with a link to each job and their count', async () => {
    const recorder = createRecorder()
    const queue = `batch-${randomUUID()}`
    await plain.createQueue(queue)
    const boss = new PgBoss({ ...settings, openTelemetry: pgBossTelemetry() })
    await boss.start()
    await boss.insert(queue, [{ data: { n: 1 } }, { data: { n: 2 } }])
    await boss.work(queue, { batchSize: 5, pollingIntervalSeconds: 0.5 }, async () => {})
    const [producer, consumer] = await recorder.waitFor(2)
    expect(consumer?.parentSpanContext).toBeUndefined()
    expect(consumer?.links.map(({ context }) => context.spanId)).toEqual(
      Array(2).fill(producer?.spanContext().spanId),
    )
    expect(consumer?.attributes['messaging.batch.message_count']).toBe(2)
    await boss.stop({ graceful: true })
    await recorder.shutdown()
  })

  it('refuses options that are not allowed', () => {
    expect(() => pgBossTelemetry({ trust: 'all' as 'edge' })).toThrow(/trust/)
  })
})

function attributesOf(destination: string, operation: string, type: string) {
  return {
    'messaging.system': 'pg-boss',
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
    'messaging.destination.name': destination,
  }
}
