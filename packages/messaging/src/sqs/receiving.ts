import type { MessageDelivery, MessageTracer, ReceivedMessage } from '@callchain/core'
import { rememberMessage } from '../delivery/known-messages.ts'
import { textOf } from '../wrapping/text.ts'
import { queueOf } from './destination.ts'
import { attributesOfEnvelope } from './envelope.ts'
import type {
  MessageAttribute,
  MessageAttributes,
  Next,
  ReceiveInput,
  SqsMessage,
} from './types.ts'
import { fromXRay, TRACE_HEADER } from './x-ray.ts'

const OURS = ['traceparent', 'tracestate', 'baggage']
const OUR_SYSTEM = [TRACE_HEADER, 'ApproximateReceiveCount', 'SentTimestamp']

/**
 * Asks for what tracing needs of each message as well, keeps that for `traceMessage`, and gives the
 * application what it has asked for.
 */
export async function receiveTraced(
  tracer: MessageTracer,
  propagatorFields: readonly string[],
  args: { readonly input: unknown },
  next: Next,
): Promise<{ readonly output: unknown }> {
  const input = (args.input ?? {}) as ReceiveInput
  const headers = namesBesides(input.MessageAttributeNames, [
    ...new Set([...OURS, ...propagatorFields]),
  ])
  // A name for the older parameter is as good, and both at once are refused.
  const systemKey =
    input.AttributeNames === undefined ? 'MessageSystemAttributeNames' : 'AttributeNames'
  const system = namesBesides(input[systemKey], OUR_SYSTEM)
  const result = await next({
    ...args,
    input: {
      ...input,
      ...added('MessageAttributeNames', input.MessageAttributeNames, headers),
      ...added(systemKey, input[systemKey], system),
    },
  })
  const { Messages } = (result.output ?? {}) as { Messages?: readonly SqsMessage[] }
  for (const message of Messages ?? []) {
    const { MessageAttributes, Attributes } = message
    rememberMessage(message, () => ({
      tracer,
      delivery: deliveryOf(input, message, { MessageAttributes, Attributes }),
    }))
    takeBack(message, headers, system)
  }
  return result
}

function namesBesides(asked: readonly string[] | undefined, ours: readonly string[]): string[] {
  if (asked?.some((name) => name === 'All' || name === '.*') === true) return []
  const covers = (pattern: string, name: string): boolean =>
    pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)))
  return ours.filter((name) => asked?.some((pattern) => covers(pattern, name)) !== true)
}

function added(key: string, asked: readonly string[] | undefined, names: readonly string[]) {
  return names.length === 0 ? {} : { [key]: [...(asked ?? []), ...names] }
}

function takeBack(
  message: SqsMessage,
  headers: readonly string[],
  system: readonly string[],
): void {
  const attributes = without(message.MessageAttributes, headers)
  if (attributes !== message.MessageAttributes) {
    message.MessageAttributes = attributes
    // It is that of all that came.
    delete message.MD5OfMessageAttributes
    if (attributes === undefined) delete message.MessageAttributes
  }
  const systemLeft = without(message.Attributes, system)
  if (systemLeft === message.Attributes) return
  if (systemLeft === undefined) delete message.Attributes
  else message.Attributes = systemLeft
}

function without<T>(
  record: Readonly<Record<string, T>> | undefined,
  names: readonly string[],
): Readonly<Record<string, T>> | undefined {
  if (record === undefined || !names.some((name) => Object.hasOwn(record, name))) return record
  const left = Object.entries(record).filter(([name]) => !names.includes(name))
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

type Kept = Pick<SqsMessage, 'MessageAttributes' | 'Attributes'>

function deliveryOf(input: ReceiveInput, message: SqsMessage, kept: Kept): MessageDelivery {
  return {
    ...queueOf(input.QueueUrl),
    operation: 'process',
    pulled: true,
    messages: [receivedMessage(message, kept)],
  }
}

function receivedMessage(
  message: SqsMessage,
  { MessageAttributes = {}, Attributes = {} }: Kept,
): ReceivedMessage {
  let headers: MessageAttributes | undefined
  // What SNS has wrapped has the attributes of the publisher inside.
  const read = (): MessageAttributes => {
    headers ??= { ...attributesOfEnvelope(message.Body), ...MessageAttributes }
    return headers
  }
  const attempt = Number(Attributes.ApproximateReceiveCount)
  const sentAt = Number(Attributes.SentTimestamp)
  return {
    header: (name) =>
      textIn(read()[name]) ??
      (name === 'traceparent' ? fromXRay(Attributes[TRACE_HEADER]) : undefined),
    headerNames: () => Object.keys(read()),
    id: typeof message.MessageId === 'string' ? message.MessageId : undefined,
    attempt: attempt > 0 ? attempt : undefined,
    sentAt: sentAt > 0 ? sentAt : undefined,
    raw: message,
  }
}

function textIn(attribute: MessageAttribute | undefined): string | undefined {
  return attribute?.StringValue ?? textOf(attribute?.BinaryValue)
}
