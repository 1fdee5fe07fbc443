import type { MessageDelivery, MessageTracer } from '@callchain/core'
import { handleUntilSettled } from '../delivery/handle-until-settled.ts'
import { rememberMessage } from '../delivery/known-messages.ts'
import { isThenable } from '../delivery/settle.ts'
import { recordOf, textOf } from '../wrapping/text.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import { destinationOf, serverOf } from './destination.ts'
import type { AmqpChannel, AmqpHandler, AmqpMessage } from './types.ts'

/** Traces what a channel's consumers handle. */
export function traceConsume(
  channel: AmqpChannel,
  tracer: MessageTracer,
  { open }: Acknowledgements,
): void {
  const consume = channel.consume
  overrideMethod(channel, 'consume', (queue: string, handler: AmqpHandler, ...rest: unknown[]) => {
    if (typeof handler !== 'function') return consume.call(channel, queue, handler, ...rest)
    const noAck = (rest[0] as { noAck?: unknown } | null | undefined)?.noAck === true
    const traced: AmqpHandler = (message) => {
      // The broker has cancelled the consumer: no message.
      if (message === null) return handler(message)
      const call = tracer.receive(deliveryOf(channel, queue, message))
      const end = noAck ? call.settle.bind(call) : open.add(message.fields.deliveryTag, call)
      return handleUntilSettled(call, () => handler(message), { end, endsWithHandler: noAck })
    }
    return consume.call(channel, queue, traced, ...rest)
  })
}

/** Remembers what `get` fetches, for `traceMessage`. */
export function rememberFetched(
  channel: AmqpChannel,
  tracer: MessageTracer,
  { verdict }: Acknowledgements,
): void {
  const get = channel.get
  const remember = (queue: string, fetched: unknown): void => {
    if (typeof fetched !== 'object' || fetched === null) return
    rememberMessage(fetched, () => ({
      tracer,
      delivery: { ...deliveryOf(channel, queue, fetched as AmqpMessage), pulled: true },
      verdict: () => verdict(fetched),
    }))
  }
  overrideMethod(channel, 'get', (queue: string, ...rest: unknown[]) => {
    const callback = rest.at(-1)
    if (typeof callback === 'function') {
      const answered = (error: unknown, fetched: unknown) => {
        remember(queue, fetched)
        return callback(error, fetched)
      }
      return get.call(channel, queue, ...rest.slice(0, -1), answered)
    }
    const result = get.call(channel, queue, ...rest)
    if (!isThenable(result)) return result
    return result.then((fetched) => {
      remember(queue, fetched)
      return fetched
    })
  })
}

function deliveryOf(channel: AmqpChannel, queue: string, message: AmqpMessage): MessageDelivery {
  const { exchange = '', routingKey = '', deliveryTag } = message.fields
  const headers = recordOf(message.properties.headers)
  const { messageId, correlationId, timestamp } = message.properties
  return {
    system: 'rabbitmq',
    operation: 'process',
    ...destinationOf(exchange, routingKey, queue),
    ...serverOf(channel),
    attributes: {
      'messaging.rabbitmq.destination.routing_key': routingKey,
      'messaging.rabbitmq.message.delivery_tag': deliveryTag,
    },
    messages: [
      {
        header: (name) => textOf(headers[name]),
        headerNames: () => Object.keys(headers),
        id: typeof messageId === 'string' ? messageId : undefined,
        conversationId: typeof correlationId === 'string' ? correlationId : undefined,
        attempt: attemptOf(message, headers),
        sentAt: sentAt(timestamp),
        raw: message,
      },
    ],
  }
}

// Quorum queues count; the others say no more than that it is not the first time.
function attemptOf(
  { fields: { redelivered } }: AmqpMessage,
  headers: Readonly<Record<string, unknown>>,
): number | undefined {
  const count = headers['x-delivery-count']
  if (typeof count === 'number') return count + 1
  return redelivered === true ? undefined : 1
}

// AMQP counts seconds; many an application writes milliseconds.
function sentAt(timestamp: unknown): number | undefined {
  if (typeof timestamp !== 'number') return undefined
  return timestamp > 100_000_000_000 ? timestamp : timestamp * 1000
}
