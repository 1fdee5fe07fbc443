import type { MessageDelivery, MessageTracer } from '@callchain/core'
import { rememberMessage } from '../delivery/known-messages.ts'
import { isThenable } from '../delivery/settle.ts'
import { textOf } from '../wrapping/text.ts'
import { hasMethods, overrideMethod } from '../wrapping/traced.ts'
import { entriesOf, headerOf } from './headers.ts'
import type {
  PlatformaticCallback,
  PlatformaticConsumer,
  PlatformaticStream,
  ReceivedPlatformaticMessage,
} from './types.ts'

/** Remembers what the streams of a consumer hand over, for `traceMessage`. */
export function traceConsumer(consumer: PlatformaticConsumer, tracer: MessageTracer): void {
  const { consume } = consumer
  const opened = (stream: unknown): void => {
    if (!hasMethods(stream, 'push')) return
    const target = stream as unknown as PlatformaticStream
    const { push } = target
    // Whoever reads it, by an iterator, events or a pipe, gets what was pushed.
    overrideMethod(stream, 'push', (message: unknown, ...rest: unknown[]) => {
      rememberMessage(message, () => ({
        tracer,
        delivery: deliveryOf(consumer, message as ReceivedPlatformaticMessage),
      }))
      return push.call(target, message, ...rest)
    })
  }
  overrideMethod(consumer, 'consume', (options: unknown, callback?: PlatformaticCallback) => {
    if (typeof callback === 'function') {
      return consume.call(consumer, options, (error, stream) => {
        opened(stream)
        return callback(error, stream)
      })
    }
    const result = consume.call(consumer, options)
    if (!isThenable(result)) return result
    return result.then((stream) => {
      opened(stream)
      return stream
    })
  })
}

function deliveryOf(
  { groupId }: PlatformaticConsumer,
  message: ReceivedPlatformaticMessage,
): MessageDelivery {
  const { topic, partition, offset, timestamp, value } = message
  const { headerEntries } = message
  // A map keeps one of those that are repeated; version 2 hands over all of them.
  const entries = Array.isArray(headerEntries) ? headerEntries : entriesOf(message.headers)
  const sentAt = Number(timestamp)
  return {
    system: 'kafka',
    operation: 'process',
    destination: topic,
    partition: partition === undefined ? undefined : String(partition),
    group: typeof groupId === 'string' ? groupId : undefined,
    pulled: true,
    attributes: {
      ...(offset !== undefined && { 'messaging.kafka.offset': Number(offset) }),
      ...(value === null && { 'messaging.kafka.message.tombstone': true }),
    },
    messages: [
      {
        header: (name) => headerOf(entries, name),
        headerNames: () => entries.map(([key]) => textOf(key) ?? ''),
        sentAt: sentAt > 0 ? sentAt : undefined,
        raw: message,
      },
    ],
  }
}
