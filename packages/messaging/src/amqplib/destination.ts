import type { MessageDestination } from '@callchain/core'
import type { AmqpChannel } from './types.ts'

const GENERATED = 'amq.gen-'

/**
 * The destination as the conventions name it: `{exchange}:{routing key}:{queue}`, without empty parts,
 * and with the routing key once where it is the queue (RabbitMQ conventions, "Destination name").
 */
export function destinationOf(
  exchange: string,
  routingKey: string,
  queue?: string,
): Pick<MessageDestination, 'destination' | 'temporary'> {
  return {
    destination:
      joined(joined(exchange, routingKey), queue === routingKey ? '' : (queue ?? '')) ||
      'amq.default',
    temporary: routingKey.startsWith(GENERATED) || queue?.startsWith(GENERATED) === true,
  }
}

function joined(one: string, other: string): string {
  if (one === '' || other === '') return one + other
  return `${one}:${other}`
}

interface Server {
  readonly serverAddress: string | undefined
  readonly serverPort: number | undefined
}

const servers = new WeakMap<object, Server>()

/** Where the broker of a channel is; it stays there as long as the connection lasts. */
export function serverOf({ connection }: AmqpChannel): Server {
  if (typeof connection !== 'object' || connection === null) return readServer({})
  const known = servers.get(connection)
  if (known !== undefined) return known
  const server = readServer(connection)
  servers.set(connection, server)
  return server
}

function readServer(connection: object): Server {
  const { stream } = connection as {
    stream?: { remoteAddress?: unknown; remotePort?: unknown; _host?: unknown }
  }
  const address = typeof stream?._host === 'string' ? stream._host : stream?.remoteAddress
  return {
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: typeof stream?.remotePort === 'number' ? stream.remotePort : undefined,
  }
}
