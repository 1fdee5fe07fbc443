import type { MessageSending, MessageTracer, SendCall, SentMessage } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { patternName } from './pattern-name.ts'
import type { Answer, Answered, Client, Packet } from './types.ts'

/** Has a request of a client end with its last answer, which comes back in the context of who asked. */
export function tracePublish(client: Client, tracer: MessageTracer): void {
  const { publish } = client
  client.publish = function (this: Client, packet: Packet, callback: Answered): () => void {
    if (!tracer.isActive()) return publish.call(this, packet, callback)
    const active = context.active()
    const call = tracer.send(sendingOf(this, 'send', packet))
    let hasAnswer = false
    const answered = (answer: Answer): unknown => {
      hasAnswer = true
      if (answer.err !== undefined && answer.err !== null)
        call.confirm({ error: errorOf(answer.err) })
      else if (answer.isDisposed === true) call.confirm()
      return context.with(active, () => callback(answer))
    }
    const cleanUp = sending(call, () => publish.call(this, packet, answered))
    return () => {
      // Who has enough of the answers leaves before the last; without one, it gave up.
      call.confirm(hasAnswer ? {} : { errorType: 'cancelled' })
      cleanUp()
    }
  }
}

/** Has an event of a client end when it was sent. */
export function traceEvents(client: Client, tracer: MessageTracer): void {
  const { dispatchEvent } = client
  client.dispatchEvent = async function (this: Client, packet: Packet): Promise<unknown> {
    if (!tracer.isActive()) return dispatchEvent.call(this, packet)
    const call = tracer.send(sendingOf(this, 'emit', packet))
    try {
      const sent = await sending(call, () => dispatchEvent.call(this, packet))
      call.confirm()
      return sent
    } catch (error) {
      call.confirm({ error })
      throw error
    }
  }
}

function sending<T>(call: SendCall, send: () => T): T {
  try {
    return context.with(call.context, send)
  } catch (error) {
    call.confirm({ error })
    throw error
  }
}

function sendingOf(client: Client, operation: string, packet: Packet): MessageSending {
  return {
    system: 'nest',
    operation,
    destination: patternName(packet.pattern),
    ...serverOf(client),
    messages: [metadataOf(packet)],
  }
}

function metadataOf(packet: Packet): SentMessage {
  const { metadata } = packet
  const own: Record<string, unknown> =
    typeof metadata === 'object' && metadata !== null ? { ...metadata } : {}
  return {
    header: (name) => {
      const value = own[name]
      return typeof value === 'string' ? value : undefined
    },
    setHeader: (name, value) => {
      own[name] = value
      packet.metadata = own
      return true
    },
    removeHeader: (name) => {
      if (!Object.hasOwn(own, name)) return
      delete own[name]
      packet.metadata = own
    },
  }
}

// What Nest answers an exception with is an object, or a text.
function errorOf(answered: unknown): unknown {
  if (typeof answered !== 'object' || answered === null || answered instanceof Error)
    return answered
  const { message } = answered as { readonly message?: unknown }
  return typeof message === 'string' ? message : answered
}

interface Connected {
  readonly remoteAddress?: unknown
  readonly remotePort?: unknown
}

function serverOf(client: Client): Pick<MessageSending, 'serverAddress' | 'serverPort'> {
  try {
    const { remoteAddress, remotePort } = (client.unwrap?.() ?? {}) as Connected
    if (typeof remoteAddress !== 'string' || typeof remotePort !== 'number') return {}
    return { serverAddress: remoteAddress, serverPort: remotePort }
  } catch {
    return {} // It has no connection yet.
  }
}
