import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { traceClient } from './nats/jetstream.ts'
import { tracePublishing } from './nats/publish.ts'
import { traceSubscribing } from './nats/subscribe.ts'
import type { NatsConnection, NatsJetStream } from './nats/types.ts'
import { hasMethods, markTraced } from './wrapping/traced.ts'

/** Options of `traceNats()` and `traceJetStream()`. */
export type TraceNatsOptions = MessageOptions

/**
 * Traces a connection to NATS and returns it: each `publish` and `request` has a PRODUCER span, that of
 * a request until the answer; each message that a subscription hands to its callback a CONSUMER span.
 * What an iterator hands over goes through `traceMessage`. Trace it before you subscribe. Tracing twice
 * changes nothing. Throws a TypeError for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * const nc = traceNats(await connect())
 * nc.publish('orders', '7')
 * for await (const message of nc.subscribe('orders')) {
 *   await traceMessage(message, () => handle(message))
 * }
 * ```
 */
export function traceNats<T extends object>(connection: T, options: TraceNatsOptions = {}): T {
  if (!hasMethods(connection, 'publish', 'request', 'subscribe', 'getServer')) {
    throw new TypeError('callchain: traceNats() takes a connection to NATS')
  }
  const tracer = createMessageTracer(options)
  if (!markTraced(connection)) return connection
  const target = connection as unknown as NatsConnection
  tracePublishing(target, tracer)
  traceSubscribing(target, tracer)
  return connection
}

/**
 * Traces a JetStream client and returns it: each `publish` has a PRODUCER span until the server has the
 * message; each message that a consumer of this client hands to its callback a CONSUMER span. That ends
 * with the promise of the callback; without one, with `ack`, `nak` or `term`. What a consumer iterates,
 * or fetches, goes through `traceMessage`. Look the consumers up with the traced client. Tracing twice
 * changes nothing. Throws a TypeError for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * const js = traceJetStream(jetstream(await connect()))
 * await js.publish('orders.new', '7')
 * const consumer = await js.consumers.get('ORDERS', 'billing')
 * for await (const message of await consumer.consume()) {
 *   await traceMessage(message, () => handle(message))
 *   message.ack()
 * }
 * ```
 */
export function traceJetStream<T extends object>(client: T, options: TraceNatsOptions = {}): T {
  if (!hasMethods(client, 'publish') || typeof Reflect.get(client, 'consumers') !== 'object') {
    throw new TypeError('callchain: traceJetStream() takes a JetStream client of NATS')
  }
  const tracer = createMessageTracer(options)
  if (markTraced(client)) traceClient(client as unknown as NatsJetStream, tracer)
  return client
}
