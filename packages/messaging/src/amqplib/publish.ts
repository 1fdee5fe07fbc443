import type { MessageSending, MessageTracer, SendCall, SentMessage } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { sentIn } from '../wrapping/record-headers.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { destinationOf, serverOf } from './destination.ts'
import { createTableRoom } from './table-size.ts'
import type { AmqpChannel } from './types.ts'

type Published = Parameters<AmqpChannel['publish']>

/** Traces what a channel publishes; `sendToQueue` goes through `publish`. */
export function tracePublish(channel: AmqpChannel, tracer: MessageTracer): void {
  const publish = channel.publish
  const confirms = typeof channel.waitForConfirms === 'function'
  const traced: AmqpChannel['publish'] = (exchange, routingKey, content, options, confirmed) => {
    if (!tracer.isActive()) {
      return publish.call(channel, exchange, routingKey, content, options, confirmed)
    }
    const headers = headersOf(options)
    const message = sentIn(headers, createTableRoom(channel, options))
    const call = tracer.send(
      sendingOf(channel, String(exchange), String(routingKey), { options, message }),
    )
    const sent = message.isChanged ? { ...options, headers } : options
    try {
      if (confirms) {
        const answered = confirming(call, confirmed)
        return publish.call(channel, exchange, routingKey, content, sent, answered)
      }
      const result = publish.call(channel, exchange, routingKey, content, sent)
      call.confirm()
      return result
    } catch (error) {
      call.confirm({ error })
      throw error
    }
  }
  overrideMethod(channel, 'publish', traced)
}

function sendingOf(
  channel: AmqpChannel,
  exchange: string,
  routingKey: string,
  { options, message }: { readonly options: Published[3]; readonly message: SentMessage },
): MessageSending {
  const { destination, temporary } = destinationOf(exchange, routingKey)
  const { serverAddress, serverPort } = serverOf(channel)
  return {
    system: 'rabbitmq',
    operation: 'publish',
    destination,
    temporary,
    serverAddress,
    serverPort,
    attributes: { 'messaging.rabbitmq.destination.routing_key': routingKey },
    messages: [message],
    messageId: textual(options?.messageId),
    conversationId: textual(options?.correlationId),
  }
}

// The broker's answer comes in the context of the connection: the application's callback gets its own.
function confirming(call: SendCall, confirmed: Published[4]): Published[4] {
  const active = context.active()
  return (error, ok) => {
    const failed = error !== null && error !== undefined
    call.confirm(failed ? { error, errorType: 'nack' } : {})
    if (typeof confirmed === 'function') context.with(active, () => confirmed(error, ok))
  }
}

// Without a prototype: amqplib makes an object on top of it, which costs twice as much on top of a plain one.
function headersOf(options: Published[3]): Record<string, unknown> {
  const headers: Record<string, unknown> = { __proto__: null }
  const given = options?.headers
  return given === undefined ? headers : Object.assign(headers, given)
}

function textual(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
