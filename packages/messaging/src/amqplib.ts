import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { followAcknowledgements } from './amqplib/acknowledgements.ts'
import { rememberFetched, traceConsume } from './amqplib/consume.ts'
import { tracePublish } from './amqplib/publish.ts'
import type { AmqpChannel } from './amqplib/types.ts'
import { hasMethods, markTraced } from './wrapping/traced.ts'

/** Options of `traceAmqp()`. */
export type TraceAmqpOptions = MessageOptions

/**
 * Traces a Channel or a ConfirmChannel of amqplib, of either API, and returns it: each `publish` and
 * `sendToQueue` has a PRODUCER span, each message of a consumer a CONSUMER span. That ends with the
 * promise of the handler; without one, with the acknowledgement. What `get` fetches goes through
 * `traceMessage`. Tracing twice changes nothing. Throws a TypeError for anything else, and for an option
 * that is not allowed.
 *
 * @example
 * ```ts
 * const channel = traceAmqp(await connection.createChannel())
 * channel.sendToQueue('orders', Buffer.from('7'))
 * await channel.consume('orders', async (message) => {
 *   await handle(message)
 *   channel.ack(message)
 * })
 * ```
 */
export function traceAmqp<T extends object>(channel: T, options: TraceAmqpOptions = {}): T {
  if (!hasMethods(channel, 'publish', 'consume', 'get', 'on')) {
    throw new TypeError('callchain: traceAmqp() takes a Channel or a ConfirmChannel of amqplib')
  }
  const tracer = createMessageTracer(options)
  if (!markTraced(channel)) return channel
  const target = channel as unknown as AmqpChannel
  tracePublish(target, tracer)
  const acknowledgements = followAcknowledgements(target)
  traceConsume(target, tracer, acknowledgements)
  rememberFetched(target, tracer, acknowledgements)
  return channel
}
