import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { traceConsumer } from './kafkajs/consumer.ts'
import { traceProducer } from './kafkajs/producer.ts'
import type { KafkaConsumer, KafkaSender } from './kafkajs/types.ts'
import { hasMethods, markTraced } from './wrapping/traced.ts'

/** Options of `traceKafka()`. */
export type TraceKafkaOptions = MessageOptions

/**
 * Traces a producer or a consumer of kafkajs, or of the KafkaJS API of Confluent's client, and returns
 * it: each `send` and `sendBatch`, of transactions too, has one PRODUCER span, carried by all its
 * messages; each `eachMessage` a CONSUMER span, and each `eachBatch` one that links to its messages,
 * which `traceMessage` handles one by one. Call it before `run()`. Tracing twice changes nothing. Throws
 * a TypeError for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * const producer = traceKafka(kafka.producer())
 * const consumer = traceKafka(kafka.consumer({ groupId: 'billing' }))
 * await consumer.run({ eachMessage: async ({ message }) => handle(message) })
 * ```
 */
export function traceKafka<T extends object>(target: T, options: TraceKafkaOptions = {}): T {
  const tracer = createMessageTracer(options)
  if (hasMethods(target, 'send', 'sendBatch')) {
    if (markTraced(target)) traceProducer(target as unknown as KafkaSender, tracer)
    return target
  }
  if (!hasMethods(target, 'subscribe', 'run')) {
    throw new TypeError('callchain: traceKafka() takes a producer or a consumer of kafkajs')
  }
  if (markTraced(target)) traceConsumer(target as unknown as KafkaConsumer, tracer)
  return target
}
