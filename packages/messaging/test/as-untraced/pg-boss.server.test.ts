import { randomUUID } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import { libraryLine } from '../../../../test/library-line.ts'
import { tracePgBoss } from '../../src/pg-boss.ts'
import { behavesAsUntraced } from './story.ts'

const connectionString = process.env.DATABASE_URL ?? 'postgres://127.0.0.1'

for (const atOnce of [1, 2])
  behavesAsUntraced(
    libraryLine('pg-boss'),
    { atOnce, retries: true, stopWaits: true },
    async (isTraced) => {
      const schema = `untraced_${randomUUID().slice(0, 8)}`
      const settings = { connectionString, schema, supervise: false, schedule: false }
      const plain = new PgBoss({ ...settings, openTelemetry: { enabled: false } })
      await plain.start()
      const boss = new PgBoss({ ...settings, openTelemetry: { enabled: false } })
      if (isTraced) tracePgBoss(boss)
      await boss.start()
      const name = 'untraced'
      await boss.createQueue(name, { retryLimit: 1, retryDelay: 0 })
      const workers: string[] = []
      const wake = (): void => {
        for (const id of workers) boss.notifyWorker(id)
      }
      return {
        send: async (body) => {
          await boss.send(name, { body })
          wake()
        },
        consume: async (handle) => {
          for (let worker = 0; worker < atOnce; worker += 1) {
            const id = await boss.work<{ body: string }>(
              name,
              { pollingIntervalSeconds: 0.5 },
              async ([job]) => {
                setImmediate(wake)
                await handle(job?.data.body ?? '')
              },
            )
            workers.push(id)
          }
        },
        ask: () => plain.getQueueStats(name),
        stop: () => boss.stop({ graceful: true }),
        left: async () => {
          const open = `SELECT count(*)::int AS count FROM ${schema}.job WHERE state < 'completed'`
          const { rows } = await plain.getDb().executeSql(open)
          return rows[0].count
        },
        close: async () => {
          await plain.getDb().executeSql(`DROP SCHEMA ${schema} CASCADE`)
          await plain.stop({ graceful: true })
        },
      }
    },
  )
