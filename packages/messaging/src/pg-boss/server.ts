import { parseUrl } from '@callchain/core/internal'
import { recordOf } from '../wrapping/text.ts'
import type { PgBossInstance } from './types.ts'

/** Where the Postgres of a PgBoss is, as far as its own configuration says so. */
export function serverOf(boss: PgBossInstance): {
  serverAddress: string | undefined
  serverPort: number | undefined
} {
  const { connectionString, host, port } = configOf(boss)
  const url = typeof connectionString === 'string' ? parseUrl(connectionString) : undefined
  const address = typeof host === 'string' ? host : url?.hostname
  return {
    serverAddress: address === '' ? undefined : address,
    serverPort: Number(port ?? url?.port) || undefined,
  }
}

function configOf(boss: PgBossInstance): Readonly<Record<string, unknown>> {
  try {
    return recordOf(boss.getDb?.().config)
  } catch {
    return {}
  }
}
