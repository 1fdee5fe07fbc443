import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const embedded = new URL('../../packages/databases/test/pglite-server.js', import.meta.url)

/** The Postgres that `DATABASE_URL` names, or else the embedded one in its own process. */
export async function openPostgres() {
  const given = process.env.DATABASE_URL
  if (given) return { url: given, kind: 'PostgreSQL', stop() {} }
  const child = fork(fileURLToPath(embedded))
  const ended = once(child, 'exit')
  const [address] = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`the embedded Postgres ended with ${code}`))),
  ])
  return {
    url: `postgres://postgres:postgres@${address}/postgres`,
    kind: 'the embedded PGlite, which is PostgreSQL',
    stop() {
      child.disconnect()
      return ended
    },
  }
}
