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
  const parts = [exchange, routingKey, queue === routingKey ? '' : (queue ?? '')]
  return {
    destination: parts.filter((part) => part !== '').join(':') || 'amq.default',
    temporary: [routingKey, queue ?? ''].some((name) => name.startsWith(GENERATED)),
  }
}

/** Where the broker of a channel is. */
export function serverOf({ connection }: AmqpChannel): {
  serverAddress: string | undefined
  serverPort: number | undefined
} {
  const { stream } = (connection ?? {}) as {
    stream?: { remoteAddress?: unknown; remotePort?: unknown; _host?: unknown }
  }
  const address = typeof stream?._host === 'string' ? stream._host : stream?.remoteAddress
  return {
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: typeof stream?.remotePort === 'number' ? stream.remotePort : undefined,
  }
}
