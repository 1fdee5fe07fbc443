import type { MessageOutcome, MessageSending, MessageTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { readError } from '../delivery/settle.ts'
import { queueOf, topicOf } from './destination.ts'
import { createRoom, sentAttributes } from './sent-attributes.ts'
import type { Next, SendInput, SendOutput, SentEntry } from './types.ts'

/** The commands that send, with where they keep several messages. */
const COMMANDS: Readonly<Record<string, 'Entries' | 'PublishBatchRequestEntries' | undefined>> = {
  SendMessageCommand: undefined,
  SendMessageBatchCommand: 'Entries',
  PublishCommand: undefined,
  PublishBatchCommand: 'PublishBatchRequestEntries',
}

/** Whether a command sends messages. */
export function isSending(commandName: string): boolean {
  return Object.hasOwn(COMMANDS, commandName)
}

/** Runs a command that sends in its PRODUCER span. */
export async function sendTraced(
  tracer: MessageTracer,
  commandName: string,
  args: { readonly input: unknown },
  next: Next,
): Promise<{ readonly output: unknown }> {
  const input = (args.input ?? {}) as SendInput
  const list = COMMANDS[commandName]
  const several = list === undefined ? undefined : input[list]
  if (!tracer.isActive() || (list !== undefined && !Array.isArray(several))) return next(args)
  const entries: readonly SentEntry[] = several ?? [input]
  const isTopic = commandName.startsWith('Publish')
  const room = createRoom(entries)
  const sent = entries.map((entry) => sentAttributes({ ...entry }, room, !isTopic))
  const sending: MessageSending = {
    ...(isTopic ? topicOf(input) : queueOf(input.QueueUrl)),
    operation: isTopic ? 'publish' : 'send',
    messages: sent.map(({ message }) => message),
    batch: list !== undefined,
  }
  const call = tracer.send(sending)
  const copies = sent.map(({ entry }) => entry())
  const copy = list === undefined ? copies[0] : { ...input, [list]: copies }
  try {
    const result = await context.with(call.context, () => next({ ...args, input: copy }))
    call.confirm(outcomeOf(result.output as SendOutput | undefined))
    return result
  } catch (error) {
    call.confirm(readError(error))
    throw error
  }
}

// A part of a batch may fail although the call succeeds.
function outcomeOf(output: SendOutput | undefined): MessageOutcome {
  const [failed] = output?.Failed ?? []
  if (failed !== undefined) return { errorType: String(failed.Code ?? 'partly_failed') }
  return typeof output?.MessageId === 'string' ? { messageId: output.MessageId } : {}
}
