import { randomUUID } from 'node:crypto'
import { Queue, Worker } from 'bullmq'
import { libraryLine } from '../../../../test/library-line.ts'
import { traceBull } from '../../src/bullmq.ts'
import { behavesAsUntraced } from './story.ts'

const url = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1')
const connection = { host: url.hostname, port: Number(url.port), maxRetriesPerRequest: null }

for (const atOnce of [1, 2])
  behavesAsUntraced(
    libraryLine('bullmq'),
    { atOnce, retries: true, stopWaits: true },
    async (isTraced) => {
      const traced = <T extends object>(target: T): T => (isTraced ? traceBull(target) : target)
      const name = `untraced-${randomUUID()}`
      const queue = traced(new Queue(name, { connection }))
      const workers: Worker[] = []
      return {
        send: (body) => queue.add('job', body, { attempts: 2, removeOnComplete: true }),
        consume: async (handle) => {
          const options = { connection, concurrency: atOnce }
          workers.push(traced(new Worker(name, (job) => handle(job.data), options)))
        },
        ask: () => queue.getJobCounts(),
        stop: () => Promise.all(workers.map((worker) => worker.close())),
        left: async () =>
          Object.values(await queue.getJobCounts()).reduce((sum, count) => sum + count, 0),
        close: async () => {
          await queue.obliterate({ force: true })
          await queue.close()
        },
      }
    },
  )
