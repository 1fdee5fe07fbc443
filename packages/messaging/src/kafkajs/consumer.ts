import {
  type MessageDelivery,
  type MessageTracer,
  type ReceivedMessage,
  runIn,
} from '@callchain/core'
import { rememberMessage } from '../delivery/known-messages.ts'
import { endWith } from '../delivery/settle.ts'
import { recordOf, textOf } from '../wrapping/text.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import type {
  EachBatchPayload,
  EachMessagePayload,
  KafkaConsumer,
  ReceivedKafkaMessage,
  RunConfig,
} from './types.ts'

/** Traces what a consumer hands to its handlers. */
export function traceConsumer(consumer: KafkaConsumer, tracer: MessageTracer): void {
  const group = followGroup(consumer)
  const { run } = consumer
  overrideMethod(consumer, 'run', (config?: RunConfig) => {
    const { eachMessage, eachBatch } = config ?? {}
    return run.call(consumer, {
      ...config,
      ...(typeof eachMessage === 'function' && {
        eachMessage: (payload: EachMessagePayload) =>
          handle(tracer, messageDelivery(payload, group()), () =>
            eachMessage.call(config, payload),
          ),
      }),
      ...(typeof eachBatch === 'function' && {
        eachBatch: (payload: EachBatchPayload) => {
          const delivery = batchDelivery(payload, group())
          rememberAll(payload, tracer, group())
          return handle(tracer, delivery, () => eachBatch.call(config, payload))
        },
      }),
    })
  })
}

function handle(tracer: MessageTracer, delivery: MessageDelivery, run: () => unknown): unknown {
  const call = tracer.receive(delivery)
  return endWith(
    () => runIn(call, run),
    (outcome) => call.settle(outcome),
  )
}

// A consumer says its group to those who listen.
function followGroup(consumer: KafkaConsumer): () => string | undefined {
  let group: string | undefined
  const event = consumer.events?.GROUP_JOIN
  if (event !== undefined) {
    consumer.on?.(event, ({ payload }) => {
      if (typeof payload?.groupId === 'string') group = payload.groupId
    })
  }
  return () => group
}

function messageDelivery(
  { topic, partition, message }: EachMessagePayload,
  group: string | undefined,
): MessageDelivery {
  const { offset, value } = message
  return {
    system: 'kafka',
    operation: 'process',
    destination: topic,
    partition: String(partition),
    group,
    attributes: {
      ...(offset !== undefined && { 'messaging.kafka.offset': Number(offset) }),
      ...(value === null && { 'messaging.kafka.message.tombstone': true }),
    },
    messages: [receivedMessage(message)],
  }
}

function batchDelivery(
  { batch: { topic, partition, messages } }: EachBatchPayload,
  group: string | undefined,
): MessageDelivery {
  return {
    system: 'kafka',
    operation: 'process',
    destination: topic,
    partition: String(partition),
    group,
    batch: true,
    messages: messages.map(receivedMessage),
  }
}

function rememberAll(
  { batch: { topic, partition, messages } }: EachBatchPayload,
  tracer: MessageTracer,
  group: string | undefined,
): void {
  for (const message of messages) {
    rememberMessage(message, () => ({
      tracer,
      delivery: { ...messageDelivery({ topic, partition, message }, group), pulled: true },
    }))
  }
}

function receivedMessage(message: ReceivedKafkaMessage): ReceivedMessage {
  const headers = recordOf(message.headers)
  const sentAt = Number(message.timestamp)
  return {
    // A name that occurs twice has a list of values, which is not text.
    header: (name) => textOf(headers[name]),
    headerNames: () => Object.keys(headers),
    sentAt: sentAt > 0 ? sentAt : undefined,
    raw: message,
  }
}
