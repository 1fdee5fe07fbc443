import type { MessageOutcome, MessageTracer, SendCall } from '@callchain/core'
import { type Context, context } from '@opentelemetry/api'
import { endWith } from '../delivery/settle.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { OutgoingMessage } from './headers.ts'
import { readKafkaError } from './read-error.ts'
import { type HeaderWriters, headerWriters } from './serializers.ts'
import type { PlatformaticCallback, PlatformaticProducer, PlatformaticRecord } from './types.ts'
import { createWrittenIn, type WrittenIn } from './written-in.ts'

/** Traces what a producer sends; its streams and its transactions send through it. */
export function traceProducer(producer: PlatformaticProducer, tracer: MessageTracer): void {
  const { send, asStream } = producer
  const writers = headerWriters(producer)
  const writtenIn = createWrittenIn()
  if (typeof asStream === 'function') {
    overrideMethod(producer, 'asStream', (...args: unknown[]) => {
      const stream = asStream.apply(producer, args)
      writtenIn.follow(stream)
      return stream
    })
  }
  overrideMethod(
    producer,
    'send',
    (record: PlatformaticRecord, callback?: PlatformaticCallback) => {
      const sending = isRecord(record)
        ? startSending(tracer, record, writers, writtenIn)
        : undefined
      if (sending === undefined) return send.call(producer, record, callback)
      return answerTo(sending, callback, (answered) =>
        send.call(producer, { ...record, messages: sending.messages }, answered),
      )
    },
  )
}

interface Sending {
  /** In the order in which they were given. */
  readonly messages: PlatformaticRecord['messages']
  readonly within: Context
  confirm(outcome?: MessageOutcome): void
}

// Those that were written into a stream in several requests have a span in each.
function startSending(
  tracer: MessageTracer,
  { messages }: PlatformaticRecord,
  writers: HeaderWriters,
  writtenIn: WrittenIn,
): Sending | undefined {
  const active = context.active()
  const outgoing = messages.map((message) => new OutgoingMessage(message, writers))
  const groups = new Map<Context, OutgoingMessage[]>()
  for (const [index, message] of outgoing.entries()) {
    const within = writtenIn.take(messages[index] ?? {}) ?? active
    const group = groups.get(within)
    if (group === undefined) groups.set(within, [message])
    else group.push(message)
  }
  const calls = [...groups].flatMap(([within, group]) =>
    context.with(within, () => startCall(tracer, group)),
  )
  const [first, ...others] = calls
  if (first === undefined) return undefined
  return {
    messages: outgoing.map((message) => message.toSend()),
    within: others.length === 0 ? first.context : active,
    confirm: (outcome) => {
      for (const call of calls) call.confirm(outcome)
    },
  }
}

function startCall(tracer: MessageTracer, group: readonly OutgoingMessage[]): SendCall[] {
  if (!tracer.isActive()) return []
  const topic = group[0]?.topic
  const call = tracer.send({
    system: 'kafka',
    operation: 'send',
    destination: group.every((message) => message.topic === topic) ? topic : undefined,
    messages: group,
    batch: group.length !== 1,
  })
  return [call]
}

function answerTo(
  { within, confirm }: Sending,
  callback: PlatformaticCallback | undefined,
  run: (answered: PlatformaticCallback | undefined) => unknown,
): unknown {
  if (typeof callback !== 'function') {
    return endWith(() => context.with(within, () => run(callback)), confirm, readKafkaError)
  }
  const active = context.active()
  const answered: PlatformaticCallback = (error, result) => {
    confirm(error === null || error === undefined ? undefined : readKafkaError(error))
    // It comes in the context of whoever has opened the connection.
    return context.with(active, () => callback(error, result))
  }
  try {
    return context.with(within, () => run(answered))
  } catch (error) {
    confirm(readKafkaError(error))
    throw error
  }
}

function isRecord(record: unknown): record is PlatformaticRecord {
  const { messages } = (record ?? {}) as { messages?: unknown }
  return Array.isArray(messages) && messages.every((each) => typeof each === 'object' && each)
}
