import { REDIS_SELECTED } from '@callchain/core/internal'
import type { DatabaseServer } from '../driver/database-server.ts'
import type { RedisClient } from './types.ts'

interface Selecting {
  [REDIS_SELECTED]?: unknown
}

/** Records which database a client has selected; `undefined` for the one in its options. */
export function noteSelected(client: RedisClient, database: unknown): void {
  const selecting = client as Selecting
  selecting[REDIS_SELECTED] = database
}

/** Where a client is connected, or will be. */
export function serverOf(client: RedisClient): DatabaseServer {
  const { host, port, path } = client.options?.socket ?? {}
  const isSocket = typeof path === 'string'
  const address = isSocket ? path : (host ?? 'localhost')
  return {
    namespace: String((client as Selecting)[REDIS_SELECTED] ?? client.options?.database ?? 0),
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: isSocket || port === undefined ? undefined : Number(port),
  }
}
