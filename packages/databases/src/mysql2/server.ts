import type { DatabaseServer } from '../driver/database-server.ts'
import type { MysqlConnection } from './types.ts'

/** Where a connection is connected, or will be. */
export function serverOf(config: MysqlConnection['config']): DatabaseServer {
  const { host, port, database, socketPath, stream } = config
  const namespace = typeof database === 'string' && database !== '' ? database : undefined
  // The application opened the stream: the host is the driver's default, which is not used.
  if (stream) return { namespace }
  const isSocket = typeof socketPath === 'string' && socketPath !== ''
  const address = isSocket ? socketPath : host
  return {
    namespace,
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: isSocket || port === undefined ? undefined : Number(port),
  }
}
