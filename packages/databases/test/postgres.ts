import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A Postgres to connect to. */
export interface Postgres {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the embedded Postgres in a process of its own. */
export async function startPglite(): Promise<Postgres> {
  const child = fork(join(__dirname, 'pglite-server.js'), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const [address] = await Promise.race([
    once(child, 'message') as Promise<[string]>,
    ended.then(([code]) => Promise.reject(new Error(`the embedded Postgres ended with ${code}`))),
  ])
  return {
    url: `postgres://postgres:postgres@${address}/postgres`,
    stop: async () => {
      child.disconnect()
      await ended
    },
  }
}
