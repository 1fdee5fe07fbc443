import type { IncomingMessage } from 'node:http'
import type { TracingOptions } from '@callchain/core'
import {
  checkOptions,
  NAME,
  type OptionRule,
  type OptionRules,
  optionError,
  SYNC_FUNCTION,
} from '@callchain/core/internal'
import type { Attributes } from '@opentelemetry/api'

/** What hooks are told of a message. */
export interface SocketMessage<Socket> {
  /** The library's own socket. */
  readonly socket: Socket
  /** The name of its event, which the application listens to (socket.io); `undefined` otherwise. */
  readonly event: string | undefined
  /** What the listener gets: the data and whether it is binary (ws), the arguments of the event (socket.io). */
  readonly args: readonly unknown[]
}

/** Options of a server of sockets: those of every adapter, for the handshake, and its messages. */
export interface SocketOptions<Socket = unknown> extends TracingOptions<IncomingMessage> {
  /** The route of the handshake, never its path. Default: the path that the server itself is given, if it is. */
  route?: string
  /**
   * The share of messages that are recorded, from 0 to 1; a function decides for each message. What a
   * message causes that is not recorded is not, either. Default: 1.
   */
  sample?: number | ((message: SocketMessage<Socket>) => boolean)
  /** What a message is called, of few values and never the client's. Default: its event (socket.io), none (ws). */
  name?(message: SocketMessage<Socket>): string | undefined
  /** Attributes for the span of a message. Default: none. */
  messageAttributes?(message: SocketMessage<Socket>): Attributes | undefined
}

/** The options of messages, apart from those of the handshake. */
export interface SocketSettings {
  readonly messages: Pick<
    SocketOptions<never>,
    'sample' | 'name' | 'messageAttributes' | 'tracerProvider'
  >
  readonly route: string | undefined
  readonly tracing: TracingOptions<IncomingMessage>
}

const SHARE: OptionRule = {
  allowed: 'a number from 0 to 1 or a synchronous function',
  holds: (value) =>
    (typeof value === 'number' && value >= 0 && value <= 1) || SYNC_FUNCTION.holds(value),
}

type Own = Pick<SocketOptions<never>, 'route' | 'sample' | 'name' | 'messageAttributes'>

const RULES: OptionRules<Own> = {
  route: NAME,
  sample: SHARE,
  name: SYNC_FUNCTION,
  messageAttributes: SYNC_FUNCTION,
}

/** Takes the options of messages from those of the handshake. Throws a TypeError for one that is not allowed. */
export function readOptions<Socket>(what: string, options: SocketOptions<Socket>): SocketSettings {
  if (typeof options !== 'object' || options === null) {
    throw optionError(`the options of ${what}`, options, 'an object')
  }
  const { route, sample, name, messageAttributes, ...tracing } = options as SocketOptions<never>
  const own = { route, sample, name, messageAttributes } as Own
  checkOptions(what, own, RULES)
  const { tracerProvider } = tracing
  return {
    messages: {
      ...(sample !== undefined && { sample }),
      ...(name !== undefined && { name }),
      ...(messageAttributes !== undefined && { messageAttributes }),
      ...(tracerProvider !== undefined && { tracerProvider }),
    },
    route,
    tracing,
  }
}
