import type { MessageDestination } from '@callchain/core'
import type { NatsConnection } from './types.ts'

type Server = Pick<MessageDestination, 'serverAddress' | 'serverPort'>

const known = new Map<string, Server>()
const MAX_KNOWN_SERVERS = 100

/** The server that a connection is with now: it moves to another when one goes away. */
export function serverOf(connection: NatsConnection | undefined): Server {
  const text: unknown = connection?.getServer?.()
  if (typeof text !== 'string') return {}
  const found = known.get(text)
  if (found !== undefined) return found
  const server = parse(text)
  if (known.size < MAX_KNOWN_SERVERS) known.set(text, server)
  return server
}

function parse(text: string): Server {
  const [, host, port] = /^(?:[a-z]+:\/\/)?\[?(.+?)\]?:(\d+)$/.exec(text) ?? []
  return host === undefined ? {} : { serverAddress: host, serverPort: Number(port) }
}
