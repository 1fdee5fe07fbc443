import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { traceConsumer } from './platformatic-kafka/consumer.ts'
import { traceProducer } from './platformatic-kafka/producer.ts'
import type { PlatformaticConsumer, PlatformaticProducer } from './platformatic-kafka/types.ts'
import { hasMethods, markTraced } from './wrapping/traced.ts'

/** Options of `tracePlatformaticKafka()`. */
export type TracePlatformaticKafkaOptions = MessageOptions

/**
 * Traces a producer or a consumer of `@platformatic/kafka` and returns it: each `send`, with a callback
 * or of a transaction too, has one PRODUCER span, carried by all its messages; of what a stream sends at
 * once, all that was written in one context. The messages of the streams that a traced consumer opens
 * are handled by `traceMessage`, each in a CONSUMER span of its own. Tracing twice changes nothing.
 * Throws a TypeError for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * const producer = tracePlatformaticKafka(new Producer({ clientId: 'shop', bootstrapBrokers }))
 * const consumer = tracePlatformaticKafka(new Consumer({ clientId: 'shop', groupId: 'billing', bootstrapBrokers }))
 * for await (const message of await consumer.consume({ topics: ['orders'] })) {
 *   await traceMessage(message, () => handle(message))
 * }
 * ```
 */
export function tracePlatformaticKafka<T extends object>(
  target: T,
  options: TracePlatformaticKafkaOptions = {},
): T {
  const tracer = createMessageTracer(options)
  if (hasMethods(target, 'send', 'initIdempotentProducer')) {
    if (markTraced(target)) traceProducer(target as unknown as PlatformaticProducer, tracer)
    return target
  }
  if (!hasMethods(target, 'consume', 'joinGroup')) {
    throw new TypeError(
      'callchain: tracePlatformaticKafka() takes a Producer or a Consumer of @platformatic/kafka',
    )
  }
  if (markTraced(target)) traceConsumer(target as unknown as PlatformaticConsumer, tracer)
  return target
}
