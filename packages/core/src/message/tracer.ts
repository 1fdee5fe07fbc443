import { type Context, context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { createRequestContext } from '../context/request-context.ts'
import { createScope } from '../context/scope.ts'
import { noteThrown } from '../otel/guard.ts'
import { isTracingSuppressed, suppressTracing } from '../otel/suppression.ts'
import type { DeliveryCall } from './delivery-call.ts'
import type { MessageDelivery, MessageSending } from './exchange.ts'
import type { MessageOptions } from './options.ts'
import { startBatch, startMessage } from './receive.ts'
import { type SendCall, silentSendCall, startSending } from './send.ts'
import { isIgnored, type MessageSettings, readMessageSettings } from './settings.ts'

/** Sends messages, and receives them. */
export interface MessageTracer {
  /** Whether a message would be traced now: ask before you copy headers. */
  isActive(): boolean
  /**
   * Opens the PRODUCER span of one call, as a child of what is active, and writes the trace and the
   * declared identity into each of its messages, as far as it has room.
   */
  send(sending: MessageSending): SendCall
  /**
   * Opens the CONSUMER span of one message, or of one batch. It has nothing of the context that is
   * active, which is that of the code that started the consumer: run the handler with `runIn(call, …)`.
   */
  receive(delivery: MessageDelivery): DeliveryCall
}

/**
 * Makes the tracer that a wrapper of a messaging system hands its messages to. A producer sends and
 * confirms; a consumer receives and settles. Spans, names and metrics follow OpenTelemetry's
 * conventions for messaging 1.44, whose status is Development. Throws a TypeError that names the
 * option, the value and what is allowed when an option is not allowed.
 *
 * @example
 * ```ts
 * const tracer = createMessageTracer()
 * const call = tracer.receive({
 *   system: 'mqtt',
 *   operation: 'process',
 *   destination: 'orders',
 *   messages: [{ header: (name) => packet.properties[name], raw: packet }],
 * })
 * try {
 *   await runIn(call, () => handle(packet))
 *   call.settle()
 * } catch (error) {
 *   call.settle({ error })
 *   throw error
 * }
 * ```
 */
export function createMessageTracer<Message = unknown>(
  options: MessageOptions<Message> = {},
): MessageTracer {
  const settings = readMessageSettings(options as MessageOptions)
  return {
    isActive: () => !isTracingSuppressed(context.active()),
    send: (sending) => {
      const active = context.active()
      if (isTracingSuppressed(active) || isIgnored(settings, sending.destination)) {
        return silentSendCall(active)
      }
      // Also sees to it that contexts are kept.
      settings.format()
      try {
        return startSending(settings, sending, active)
      } catch (error) {
        noteThrown('tracing', error)
        return silentSendCall(active)
      }
    },
    receive: (delivery) => {
      const active = context.active()
      if (isUntraced(settings, delivery, active)) return silentDelivery(true)
      settings.format()
      try {
        return receive(settings, delivery, active)
      } catch (error) {
        noteThrown('tracing', error)
        return silentDelivery(false)
      }
    },
  }
}

// A consumer that was started where tracing is switched off is traced all the same: what was active
// then has nothing to do with its messages.
function isUntraced(
  settings: MessageSettings,
  delivery: MessageDelivery,
  active: Context,
): boolean {
  if (delivery.pulled === true && isTracingSuppressed(active)) return true
  return isIgnored(settings, delivery.destination)
}

function receive(
  settings: MessageSettings,
  delivery: MessageDelivery,
  active: Context,
): DeliveryCall {
  const [message] = delivery.messages
  if (delivery.batch === true || message === undefined) return startBatch(settings, delivery)
  return startMessage(settings, delivery, message, active)
}

function silentDelivery(isIgnoredWhole: boolean): DeliveryCall {
  const within = createRequestContext(ROOT_CONTEXT, undefined, {
    ...createScope(),
    inRequest: true,
  })
  return {
    span: trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }),
    context: isIgnoredWhole ? suppressTracing(within) : within,
    settle: () => {},
  }
}
