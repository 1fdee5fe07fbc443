import type { MessageDelivery, MessageTracer } from '@callchain/core'
import { handleUntilSettled } from '../delivery/handle-until-settled.ts'
import { rememberMessage } from '../delivery/known-messages.ts'
import { rememberIterated } from '../wrapping/iterated.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { receivedHeaders } from './received-headers.ts'
import { serverOf } from './server.ts'
import { isForJetStream, isInternal, templateOf } from './subject.ts'
import type { NatsCallback, NatsConnection, NatsMessage, NatsSubscriptionOptions } from './types.ts'

/** Traces what the subscriptions of a connection hand over. */
export function traceSubscribing(connection: NatsConnection, tracer: MessageTracer): void {
  const { subscribe } = connection
  overrideMethod(
    connection,
    'subscribe',
    (subject: string, options?: NatsSubscriptionOptions, ...rest: unknown[]) => {
      if (typeof subject !== 'string' || isInternal(subject, connection)) {
        return subscribe.call(connection, subject, options, ...rest)
      }
      const deliveryOf = (message: NatsMessage): MessageDelivery => ({
        system: 'nats',
        operation: 'process',
        destination: message.subject,
        template: templateOf(subject),
        group: typeof options?.queue === 'string' ? options.queue : undefined,
        ...serverOf(connection),
        messages: [{ ...receivedHeaders(message), raw: message }],
      })
      const callback = options?.callback
      if (typeof callback === 'function') {
        const traced = traceCallback(tracer, callback, deliveryOf)
        return subscribe.call(connection, subject, { ...options, callback: traced }, ...rest)
      }
      const subscription = subscribe.call(connection, subject, options, ...rest)
      rememberIterated(subscription, (message) => {
        if (isForJetStream(message)) return
        rememberMessage(message, () => ({
          tracer,
          delivery: { ...deliveryOf(message), pulled: true },
        }))
      })
      return subscription
    },
  )
}

function traceCallback(
  tracer: MessageTracer,
  callback: NatsCallback,
  deliveryOf: (message: NatsMessage) => MessageDelivery,
): NatsCallback {
  return function traced(this: unknown, error, message) {
    const run = (): unknown => callback.call(this, error, message)
    const isFailure = error !== null && error !== undefined
    if (isFailure || isForJetStream(message)) return run()
    const call = tracer.receive(deliveryOf(message))
    return handleUntilSettled(call, run, {
      end: (outcome) => call.settle(outcome),
      endsWithHandler: true,
    })
  }
}
