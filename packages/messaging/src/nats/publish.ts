import type { MessageTracer } from '@callchain/core'
import { INSIDE_NATS_KEY } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import { endWith, type ReadError } from '../delivery/settle.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { sentHeaders } from './sent-headers.ts'
import { serverOf } from './server.ts'
import { isInternal } from './subject.ts'
import type { NatsConnection, NatsSendOptions } from './types.ts'

/** Traces what a connection publishes and asks for. */
export function tracePublishing(connection: NatsConnection, tracer: MessageTracer): void {
  const { publish, request, requestMany } = connection
  overrideMethod(connection, 'publish', (...args: Sent) =>
    send(tracer, { connection, operation: 'publish', args }, (sent) =>
      publish.apply(connection, sent),
    ),
  )
  overrideMethod(connection, 'request', (...args: Sent) =>
    send(tracer, { connection, operation: 'request', args }, (sent) =>
      request.apply(connection, sent),
    ),
  )
  if (typeof requestMany !== 'function') return
  overrideMethod(connection, 'requestMany', (...[subject, data, options, ...rest]: Sent) => {
    // The library takes its defaults only where it gets no options at all.
    const args: Sent = [subject, data, options ?? { maxWait: 1000, maxMessages: -1 }, ...rest]
    return send(tracer, { connection, operation: 'request', args }, (sent) =>
      requestMany.apply(connection, sent),
    )
  })
}

/** The arguments of every call that sends. */
export type Sent = [
  subject: string,
  data?: unknown,
  options?: NatsSendOptions | undefined,
  ...rest: unknown[],
]

/** One call that sends. */
export interface Sending {
  readonly connection: NatsConnection | undefined
  /** The library's own word for it. */
  readonly operation: string
  readonly args: Sent
}

/** Runs a call in its PRODUCER span, unless it is a part of another or the system's own. */
export function send<T>(
  tracer: MessageTracer,
  { connection, operation, args }: Sending,
  run: (args: Sent) => T,
): T {
  const [subject, data, options, ...rest] = args
  if (
    typeof subject !== 'string' ||
    isInternal(subject, connection) ||
    context.active().getValue(INSIDE_NATS_KEY) === true ||
    !tracer.isActive()
  ) {
    return run(args)
  }
  const headers = sentHeaders(connection, data, options?.headers)
  const call = tracer.send({
    system: 'nats',
    operation,
    destination: subject,
    ...serverOf(connection),
    messages: [headers.message],
    messageId: typeof options?.msgID === 'string' ? options.msgID : undefined,
  })
  const within = call.context.setValue(INSIDE_NATS_KEY, true)
  return endWith(
    () => context.with(within, () => run([subject, data, headers.options(options), ...rest])),
    (outcome) => call.confirm(outcome),
    readError,
  )
}

// Since 3.0 a request fails with an error of its own, whose cause says why.
const readError: ReadError = (error) => {
  const { cause } = (error ?? {}) as { readonly cause?: unknown }
  return {
    error: error ?? new Error('failed without a reason'),
    ...(cause instanceof Error && cause.name !== 'Error' && { errorType: cause.name }),
  }
}
