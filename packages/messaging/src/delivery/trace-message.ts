import {
  createMessageTracer,
  type MessageDelivery,
  type MessageOptions,
  type MessageSending,
  type MessageTracer,
  runIn,
} from '@callchain/core'
import { context } from '@opentelemetry/api'
import { knownMessage } from './known-messages.ts'
import { withVerdict } from './open-deliveries.ts'
import { endWith } from './settle.ts'

/**
 * Runs `handle` in a CONSUMER span of its own for a message that a traced instance has handed over
 * without a handler of its own: one of a batch, of an iterator, of what was fetched. In it
 * `tenant.get()`, log lines and calls are the message's. Returns what `handle` returns, and throws what
 * it throws. Throws a TypeError for a message that no traced instance has handed over;
 * `traceDelivery` is for those.
 *
 * @example
 * ```ts
 * await consumer.run({
 *   eachBatch: async ({ batch }) => {
 *     for (const message of batch.messages) await traceMessage(message, () => handle(message))
 *   },
 * })
 * ```
 */
export function traceMessage<T>(message: object, handle: () => T): T {
  const known = knownMessage(message)
  if (known === undefined) {
    throw new TypeError(
      'callchain: traceMessage() takes a message that a traced instance has handed over; use traceDelivery() for any other',
    )
  }
  return run(known.tracer, known.delivery, handle, () => known.verdict?.())
}

/**
 * Runs `handle` in the CONSUMER span of a message, or of a batch, of any system that has no wrapper
 * here: `delivery` says where its headers are. Returns what `handle` returns, and throws what it throws.
 * Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * client.on('message', (topic, payload, packet) =>
 *   traceDelivery(
 *     {
 *       system: 'mqtt',
 *       operation: 'process',
 *       destination: topic,
 *       messages: [{ header: (name) => packet.properties?.userProperties?.[name], raw: packet }],
 *     },
 *     () => handle(payload),
 *   ),
 * )
 * ```
 */
export function traceDelivery<T>(
  delivery: MessageDelivery,
  handle: () => T,
  options: MessageOptions = DEFAULTS,
): T {
  return run(tracerOf(options), delivery, handle)
}

/**
 * Runs `send` in the PRODUCER span of a call of any system that has no wrapper here, with the trace and
 * the identity written into `sending.messages` before. Returns what `send` returns, and throws what it
 * throws. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * const headers: Record<string, string> = {}
 * await traceSend(
 *   {
 *     system: 'mqtt',
 *     operation: 'publish',
 *     destination: 'orders',
 *     messages: [messageWith(headers)],
 *   },
 *   () => client.publishAsync('orders', payload, { properties: { userProperties: headers } }),
 * )
 * ```
 */
export function traceSend<T>(
  sending: MessageSending,
  send: () => T,
  options: MessageOptions = DEFAULTS,
): T {
  const call = tracerOf(options).send(sending)
  return endWith(
    () => context.with(call.context, send),
    (outcome) => call.confirm(outcome),
  )
}

function run<T>(
  tracer: MessageTracer,
  delivery: MessageDelivery,
  handle: () => T,
  verdict: () => string | undefined = () => undefined,
): T {
  const call = tracer.receive(delivery)
  return endWith(
    () => runIn(call, handle),
    (outcome = {}) => call.settle(withVerdict(outcome, verdict())),
  )
}

const DEFAULTS: MessageOptions = {}
const tracers = new WeakMap<MessageOptions, MessageTracer>()

function tracerOf(options: MessageOptions): MessageTracer {
  const known = tracers.get(options)
  if (known !== undefined) return known
  const tracer = createMessageTracer(options)
  tracers.set(options, tracer)
  return tracer
}
