import type { DatabaseServer } from '../driver/database-server.ts'
import type { IoredisClient } from './types.ts'

/**
 * Where a client is connected, or will be; of a cluster, only that its database is 0. With
 * Sentinels or the application's own connector, the server is known only once it is connected.
 */
export function serverOf({ options, condition, isCluster, stream }: IoredisClient): DatabaseServer {
  if (isCluster) return { namespace: '0' }
  const { host, port, path, db, sentinels, Connector } = options
  const namespace = String(condition?.select ?? db ?? 0)
  if (sentinels || Connector) {
    const { remoteAddress, remotePort } = stream ?? {}
    return { namespace, serverAddress: remoteAddress, serverPort: remotePort }
  }
  const isSocket = typeof path === 'string' && path !== ''
  const address = isSocket ? path : host
  return {
    namespace,
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: isSocket || port === undefined ? undefined : Number(port),
  }
}
