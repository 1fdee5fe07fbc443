import type { DatabaseServer } from '../sql-tracer.ts'
import type { PgClient } from './types.ts'

/** Where a client is connected, or will be. */
export function serverOfClient({ host, port, database }: PgClient): DatabaseServer {
  return describe(host, port, database)
}

/** Where a pool will connect to, as far as its options say, before it has. */
export function serverOfOptions(options: Readonly<Record<string, unknown>> = {}): DatabaseServer {
  const { connectionString } = options
  const url =
    typeof connectionString === 'string' && URL.canParse(connectionString)
      ? new URL(connectionString)
      : undefined
  const { PGHOST, PGPORT, PGDATABASE } = process.env
  return describe(
    url?.hostname || options.host || PGHOST,
    url?.port || options.port || PGPORT,
    nameIn(url) || options.database || PGDATABASE,
  )
}

function nameIn(url: URL | undefined): string | undefined {
  try {
    return url && decodeURIComponent(url.pathname.slice(1))
  } catch {
    return undefined
  }
}

function describe(host: unknown, port: unknown, database: unknown): DatabaseServer {
  const address = typeof host === 'string' && host !== '' ? host : undefined
  const isSocket = address?.startsWith('/')
  const number = Number(port)
  return {
    namespace: typeof database === 'string' && database !== '' ? database : undefined,
    serverAddress: address?.replace(/^\[|\]$/g, ''),
    serverPort: isSocket || !Number.isInteger(number) || number <= 0 ? undefined : number,
  }
}
