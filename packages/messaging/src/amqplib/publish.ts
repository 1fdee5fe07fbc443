import type { MessageTracer, SendCall } from '@callchain/core'
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
  overrideMethod(channel, 'publish', (...given: Published) => {
    if (!tracer.isActive()) return publish.apply(channel, given)
    const [exchange, routingKey, content, options, confirmed] = given
    const headers: Record<string, unknown> = { ...options?.headers }
    const call = tracer.send({
      system: 'rabbitmq',
      operation: 'publish',
      ...destinationOf(String(exchange), String(routingKey)),
      ...serverOf(channel),
      attributes: { 'messaging.rabbitmq.destination.routing_key': String(routingKey) },
      messages: [sentIn(headers, createTableRoom(channel, options))],
      messageId: textual(options?.messageId),
      conversationId: textual(options?.correlationId),
    })
    const sent = withHeaders(options, headers)
    const args: Published = confirms
      ? [exchange, routingKey, content, sent, confirming(call, confirmed)]
      : [exchange, routingKey, content, sent]
    return run(call, () => publish.apply(channel, args), confirms)
  })
}

function run(call: SendCall, publish: () => boolean, confirms: boolean): boolean {
  try {
    const result = publish()
    if (!confirms) call.confirm()
    return result
  } catch (error) {
    call.confirm({ error })
    throw error
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

function withHeaders(options: Published[3], headers: Record<string, unknown>): Published[3] {
  if (Object.keys(headers).length === 0) return options
  return { ...options, headers }
}

function textual(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
