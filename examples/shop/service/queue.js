import { tracePgBoss } from '@callchain/messaging/pg-boss'
import PgBoss from 'pg-boss'
import { queueSchema } from './queue-names.js'

/**
 * Opens the queue, which is kept in the database.
 * @param {{ isOwner: boolean, onError: (error: unknown) => void }} options isOwner: makes its tables
 * @returns {Promise<PgBoss>}
 */
export function openQueue({ isOwner, onError }) {
  const boss = tracePgBoss(
    new PgBoss({
      connectionString: process.env.DATABASE_URL,
      schema: queueSchema,
      migrate: isOwner,
      supervise: false,
      schedule: false,
      max: 1,
    }),
  )
  boss.on('error', onError)
  return boss.start()
}

/** Leaves the queue; a job that runs is waited for. @param {PgBoss | undefined} queue */
export async function closeQueue(queue) {
  await queue?.stop({ timeout: 2_000 })
}
