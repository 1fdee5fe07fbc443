import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { propagation } from '@opentelemetry/api'
import { receiveTraced } from './sqs/receiving.ts'
import { isSending, sendTraced } from './sqs/sending.ts'
import type { AwsClient, Next } from './sqs/types.ts'
import { hasMethods, markTraced } from './wrapping/traced.ts'

/** Options of `traceSqs()`. */
export type TraceSqsOptions = MessageOptions

/**
 * Traces a client of AWS SDK 3 for SQS, or for SNS, and returns it: each call that sends has a PRODUCER
 * span, carried by its messages as attributes. What is received is handled by `traceMessage`, in a
 * CONSUMER span of its own, whether it came from SQS or through SNS, raw or in its envelope. The
 * application gets the attributes that it has asked for and no other. Tracing twice changes nothing.
 * Throws a TypeError for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * const sqs = traceSqs(new SQSClient({}))
 * await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '7' }))
 * const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
 * for (const message of Messages) await traceMessage(message, () => handle(message))
 * ```
 */
export function traceSqs<T extends object>(client: T, options: TraceSqsOptions = {}): T {
  const tracer = createMessageTracer(options)
  if (!isClient(client)) {
    throw new TypeError('callchain: traceSqs() takes a client of AWS SDK 3 for SQS or SNS')
  }
  if (!markTraced(client)) return client
  client.middlewareStack.add(
    (next, { commandName }): Next =>
      (args) => {
        const name = String(commandName)
        if (isSending(name)) return sendTraced(tracer, name, args, next)
        if (name !== 'ReceiveMessageCommand') return next(args)
        // The global one may be registered later.
        const { propagator = propagation } = options
        return receiveTraced(tracer, propagator.fields(), args, next)
      },
    { step: 'initialize', name: 'callchainMessages', override: true },
  )
  return client
}

function isClient<T extends object>(client: T): client is T & AwsClient {
  if (!hasMethods(client, 'send')) return false
  const { config, middlewareStack } = client as Partial<AwsClient>
  if (!hasMethods(middlewareStack, 'add')) return false
  return config?.serviceId === 'SQS' || config?.serviceId === 'SNS'
}
