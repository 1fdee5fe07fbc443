import type { DatabaseServer } from '../sql-tracer.ts'
import type { IoredisClient } from './types.ts'

/** Where a client is connected, or will be; of a cluster, only that its database is 0. */
export function serverOf({ options, condition, isCluster }: IoredisClient): DatabaseServer {
  if (isCluster) return { namespace: '0' }
  const { host, port, path, db } = options
  const isSocket = typeof path === 'string' && path !== ''
  const address = isSocket ? path : host
  return {
    namespace: String(condition?.select ?? db ?? 0),
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: isSocket || port === undefined ? undefined : Number(port),
  }
}
