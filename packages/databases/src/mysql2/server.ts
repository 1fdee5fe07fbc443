import type { DatabaseServer } from '../sql-tracer.ts'
import type { MysqlConnection } from './types.ts'

/** Where a connection is connected, or will be. */
export function serverOf(config: MysqlConnection['config']): DatabaseServer {
  const { host, port, database, socketPath } = config
  const isSocket = typeof socketPath === 'string' && socketPath !== ''
  const address = isSocket ? socketPath : host
  return {
    namespace: typeof database === 'string' && database !== '' ? database : undefined,
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: isSocket || port === undefined ? undefined : Number(port),
  }
}
