import type { DatabaseServer } from '../driver/database-server.ts'
import type { PgClient } from './types.ts'

/** Where a client is connected, or will be. */
export function serverOfClient({ host, port, database }: PgClient): DatabaseServer {
  return describe(host, port, database)
}

/** Makes a `serverOfClient` for clients of one pool, which are all connected to the same server as a rule. */
export function createServerReader(): (client: PgClient) => DatabaseServer {
  let last: Pick<PgClient, 'host' | 'port' | 'database'> = {}
  let server = describe(undefined, undefined, undefined)
  return ({ host, port, database }) => {
    if (host !== last.host || port !== last.port || database !== last.database) {
      last = { host, port, database }
      server = describe(host, port, database)
    }
    return server
  }
}

/** Where a pool will connect, as far as its options tell before it has a connection. */
export function serverOfOptions(options: Readonly<Record<string, unknown>> = {}): DatabaseServer {
  const { connectionString } = options
  const named = typeof connectionString === 'string' ? readUrl(connectionString) : {}
  const { PGHOST, PGPORT, PGDATABASE } = process.env
  return describe(
    named.host || options.host || PGHOST,
    named.port || options.port || PGPORT,
    named.database || options.database || PGDATABASE,
  )
}

interface Named {
  readonly host?: string | null | undefined
  readonly port?: string | null | undefined
  readonly database?: string | null | undefined
}

// As pg-connection-string reads it, which takes a socket's folder in several places.
function readUrl(text: string): Named {
  if (text.startsWith('/')) {
    const [host, database] = text.split(' ')
    return { host, database }
  }
  try {
    const url = new URL(text)
    const { searchParams: more, hostname, pathname } = url
    if (url.protocol === 'socket:') {
      return { host: decodeURIComponent(pathname), database: more.get('db') }
    }
    return {
      host: more.get('host') || decodeURIComponent(hostname),
      port: more.get('port') || url.port,
      database: decodeURIComponent(pathname.slice(1)),
    }
  } catch {
    return {}
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
