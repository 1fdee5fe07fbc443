import type { MessageTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { endWith, readError } from '../delivery/settle.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { headerWriters, sentMessage } from './headers.ts'
import type { PlatformaticCallback, PlatformaticProducer, PlatformaticRecord } from './types.ts'

/** Traces what a producer sends; its streams and transactions send through it. */
export function traceProducer(producer: PlatformaticProducer, tracer: MessageTracer): void {
  const { send } = producer
  const writers = headerWriters(producer)
  overrideMethod(
    producer,
    'send',
    (record: PlatformaticRecord, callback?: PlatformaticCallback) => {
      if (!Array.isArray(record?.messages) || !tracer.isActive()) {
        return send.call(producer, record, callback)
      }
      const messages = record.messages.map((message) => sentMessage({ ...message }, writers))
      const topics = new Set(record.messages.map((message) => message?.topic))
      const call = tracer.send({
        system: 'kafka',
        operation: 'send',
        destination: topics.size === 1 ? record.messages[0]?.topic : undefined,
        messages: messages.map(({ message }) => message),
        batch: messages.length !== 1,
      })
      const copy: PlatformaticRecord = {
        ...record,
        messages: record.messages.map((message, index) => {
          const headers = messages[index]?.headers()
          return headers === undefined ? message : { ...message, headers }
        }),
      }
      const run = (answered?: PlatformaticCallback) =>
        context.with(call.context, () => send.call(producer, copy, answered))
      if (typeof callback !== 'function') return endWith(run, (outcome) => call.confirm(outcome))
      const active = context.active()
      // The answer comes in the context of whoever has opened the connection.
      return run((error, result) => {
        call.confirm(error === null || error === undefined ? {} : readError(error))
        return context.with(active, () => callback(error, result))
      })
    },
  )
}
