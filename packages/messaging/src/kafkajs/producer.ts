import type { MessageTracer, SentMessage } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { endWith, type ReadError } from '../delivery/settle.ts'
import { createKafkaRoom, kafkaBytesOf } from '../wrapping/kafka-room.ts'
import { sentIn } from '../wrapping/record-headers.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import type { KafkaBatch, KafkaMessage, KafkaRecord, KafkaSender } from './types.ts'

/** Traces what a producer, or a transaction of one, sends. */
export function traceProducer(producer: KafkaSender, tracer: MessageTracer): void {
  const { send, sendBatch, transaction } = producer
  overrideMethod(producer, 'send', (record: KafkaRecord) => {
    if (!isRecord(record) || !tracer.isActive()) return send.call(producer, record)
    return traceSending(tracer, [record], ([copy = record]) => send.call(producer, copy))
  })
  overrideMethod(producer, 'sendBatch', (batch: KafkaBatch) => {
    const records = batch?.topicMessages
    if (!Array.isArray(records) || !records.every(isRecord) || !tracer.isActive()) {
      return sendBatch.call(producer, batch)
    }
    return traceSending(tracer, records, (topicMessages) =>
      sendBatch.call(producer, { ...batch, topicMessages }),
    )
  })
  if (typeof transaction !== 'function') return
  overrideMethod(producer, 'transaction', async (...args: unknown[]) => {
    const opened = await transaction.apply(producer, args)
    traceProducer(opened, tracer)
    return opened
  })
}

function traceSending<T>(
  tracer: MessageTracer,
  records: readonly KafkaRecord[],
  run: (copies: KafkaRecord[]) => Promise<T>,
): Promise<T> {
  const messages: SentMessage[] = []
  const copies = records.map((record) => ({
    ...record,
    messages: record.messages.map((message) => copyOf(message, messages)),
  }))
  const call = tracer.send({
    system: 'kafka',
    operation: 'send',
    destination: commonTopic(records),
    messages,
    batch: messages.length !== 1,
  })
  return endWith(
    () => context.with(call.context, () => run(copies)),
    (outcome) => call.confirm(outcome),
    readError,
  )
}

function copyOf(message: KafkaMessage, into: SentMessage[]): KafkaMessage {
  const headers = { ...message.headers }
  into.push(
    sentIn(
      headers,
      createKafkaRoom(() => sizeOf(message)),
    ),
  )
  return { ...message, headers }
}

function sizeOf({ value, headers }: KafkaMessage): number {
  return kafkaBytesOf(value) + (headers === undefined ? 0 : lengthOfAll(headers))
}

function commonTopic(records: readonly KafkaRecord[]): string | undefined {
  const topic = records[0]?.topic
  return records.every((record) => record.topic === topic) ? topic : undefined
}

function lengthOfAll(headers: Readonly<Record<string, unknown>>): number {
  return Object.entries(headers).reduce(
    (sum, [key, one]) => sum + key.length + kafkaBytesOf(one),
    0,
  )
}

// The broker's word for what is wrong, `MESSAGE_TOO_LARGE`, says more than the class.
const readError: ReadError = (error) => {
  const { type } = (error ?? {}) as { readonly type?: unknown }
  return {
    error: error ?? new Error('failed without a reason'),
    ...(typeof type === 'string' && { errorType: type }),
  }
}

function isRecord(record: unknown): record is KafkaRecord {
  return Array.isArray((record as KafkaRecord | undefined)?.messages)
}
