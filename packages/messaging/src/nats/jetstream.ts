import type { MessageDelivery, MessageTracer, ReceivedMessage } from '@callchain/core'
import { handleUntilSettled } from '../delivery/handle-until-settled.ts'
import { knownMessage, rememberMessage } from '../delivery/known-messages.ts'
import { createOpenDeliveries, type OpenDeliveries } from '../delivery/open-deliveries.ts'
import { isThenable } from '../delivery/settle.ts'
import { rememberIterated } from '../wrapping/iterated.ts'
import { hasMethods, markTraced, overrideMethod } from '../wrapping/traced.ts'
import { type Sent, send } from './publish.ts'
import { receivedHeaders } from './received-headers.ts'
import { serverOf } from './server.ts'
import { followSettling } from './settling.ts'
import { templateOf } from './subject.ts'
import type { JetStreamConsumer, JetStreamMessage, NatsJetStream } from './types.ts'

/** What looks a consumer up, in any line of the library. */
const LOOKUPS = [
  'get',
  'getPushConsumer',
  'getBoundPushConsumer',
  'getConsumerFromInfo',
  'getPullConsumerFor',
  'getConsumer',
  'ordered',
]

/** Traces what a JetStream client publishes, and what the consumers it looks up hand over. */
export function traceClient(client: NatsJetStream, tracer: MessageTracer): void {
  const { publish, nc } = client
  overrideMethod(client, 'publish', (...args: Sent) =>
    send(tracer, { connection: nc, operation: 'publish', args }, (sent) =>
      publish.apply(client, sent),
    ),
  )
  const open = createOpenDeliveries<object>()
  nc?.closed?.().then(
    () => open.closeAll('connection_closed'),
    () => open.closeAll('connection_closed'),
  )
  const found = (consumer: unknown): void => {
    if (!hasMethods(consumer, 'consume') || !markTraced(consumer)) return
    traceConsumer(consumer as unknown as JetStreamConsumer, { client, tracer, open })
  }
  traceLookups(client.consumers, found)
  // The consumers of a stream that was looked up.
  traceLookups(client.streams, (stream) => traceLookups(stream, found))
}

function traceLookups(target: unknown, found: (result: unknown) => void): void {
  if (typeof target !== 'object' || target === null || !markTraced(target)) return
  for (const name of LOOKUPS) {
    const lookup: unknown = Reflect.get(target, name)
    if (typeof lookup !== 'function') continue
    overrideMethod(target, name, (...args: unknown[]) => {
      const result: unknown = Reflect.apply(lookup, target, args)
      if (!isThenable(result)) {
        found(result)
        return result
      }
      return result.then((value) => {
        found(value)
        return value
      })
    })
  }
}

interface Tracing {
  readonly client: NatsJetStream
  readonly tracer: MessageTracer
  readonly open: OpenDeliveries<object>
}

function traceConsumer(consumer: JetStreamConsumer, tracing: Tracing): void {
  const { consume, fetch, next } = consumer
  const remember = (message: JetStreamMessage): void => {
    // What `next` gives, it has fetched.
    if (knownMessage(message) !== undefined) return
    let verdict: string | undefined
    followSettling(message, (said) => {
      verdict = said
    })
    rememberMessage(message, () => ({
      tracer: tracing.tracer,
      delivery: { ...deliveryOf(consumer, tracing.client, message), pulled: true },
      verdict: () => verdict,
    }))
  }
  overrideMethod(consumer, 'consume', async (...[options, ...rest]: Parameters<typeof consume>) => {
    const callback = options?.callback
    const traced =
      typeof callback === 'function' ? traceCallback(consumer, tracing, callback) : undefined
    const given = traced === undefined ? options : { ...options, callback: traced }
    const messages = await consume.call(consumer, given, ...rest)
    if (traced === undefined) rememberIterated(messages, remember)
    return messages
  })
  if (typeof fetch === 'function') {
    overrideMethod(consumer, 'fetch', async (...args: unknown[]) => {
      const messages = await fetch.apply(consumer, args)
      rememberIterated(messages, remember)
      return messages
    })
  }
  if (typeof next === 'function') {
    overrideMethod(consumer, 'next', async (...args: unknown[]) => {
      const message = await next.apply(consumer, args)
      if (message !== null) remember(message)
      return message
    })
  }
}

function traceCallback(
  consumer: JetStreamConsumer,
  { client, tracer, open }: Tracing,
  callback: (message: JetStreamMessage) => unknown,
): (message: JetStreamMessage) => unknown {
  // Nobody acknowledges the messages of such a consumer.
  const endsWithHandler = consumer._info?.config?.ack_policy === 'none'
  return function traced(this: unknown, message) {
    const call = tracer.receive(deliveryOf(consumer, client, message))
    const end = endsWithHandler ? call.settle.bind(call) : open.add(message, call)
    if (!endsWithHandler) followSettling(message, (verdict) => open.settle(message, verdict))
    return handleUntilSettled(call, () => callback.call(this, message), { end, endsWithHandler })
  }
}

function deliveryOf(
  consumer: JetStreamConsumer,
  { nc }: NatsJetStream,
  message: JetStreamMessage,
): MessageDelivery {
  return {
    system: 'nats',
    operation: 'process',
    destination: message.subject,
    template: templateOf(consumer._info?.config?.filter_subject),
    group: typeof consumer.name === 'string' ? consumer.name : undefined,
    ...serverOf(nc),
    messages: [
      {
        ...receivedHeaders(message),
        ...counted(message),
        raw: message,
      },
    ],
  }
}

// What is not a message of a stream has none, and says so by throwing.
function counted(message: JetStreamMessage): Pick<ReceivedMessage, 'attempt' | 'sentAt'> {
  try {
    const { deliveryCount, redeliveryCount, timestampNanos } = message.info
    return { attempt: deliveryCount ?? redeliveryCount, sentAt: timestampNanos / 1e6 }
  } catch {
    return {}
  }
}
