import type { DatabaseServer } from '../driver/database-server.ts'
import type { HostAddress, MonitoredClient } from './types.ts'

/**
 * Where the server of an event is. The driver names a connection over a socket with random digits:
 * the path is in the client's URL.
 */
export function serverAt(address: string, { options }: MonitoredClient): DatabaseServer {
  const path = options?.hosts?.find(({ socketPath }) => socketPath !== undefined)?.socketPath
  const colon = address.lastIndexOf(':')
  if (address.startsWith('/')) return { serverAddress: address }
  if (colon === -1) return { serverAddress: path }
  return describe({
    host: address.slice(0, colon),
    port: Number(address.slice(colon + 1)),
  })
}

/** Where a client will connect; nothing when it has a choice of servers. */
export function serverOf({ options }: MonitoredClient): DatabaseServer {
  const [host, ...others] = options?.hosts ?? []
  return host === undefined || others.length > 0 || options?.srvHost ? {} : describe(host)
}

function describe({ host, port, socketPath }: HostAddress): DatabaseServer {
  if (socketPath !== undefined) return { serverAddress: socketPath }
  return { serverAddress: host?.replace(/^\[|\]$/g, ''), serverPort: port }
}
