import { types } from 'node:util'
import type { Attributes, TextMapPropagator, TracerProvider } from '@opentelemetry/api'
import { checkOptions, type OptionRule, type OptionRules } from '../otel/check-options.ts'
import { inside, oneOf, PROPAGATOR, SYNC_FUNCTION, TRACER_PROVIDER } from '../otel/option-rules.ts'
import type { Caller } from '../trust/trust.ts'

/** Whether a message's span belongs to the trace of who sent it. */
export type MessageTrace = 'join' | 'link'

/** What a hook of messages may look at. */
export interface MessageFacts<Message = unknown> {
  /** The library's own message. */
  readonly message: Message
  /** The topic or queue it came from. */
  readonly destination: string | undefined
  /** Which delivery of it this is, from 1; `undefined` where the system does not count. */
  readonly attempt: number | undefined
  /** How long ago it was sent, in milliseconds; `undefined` where the system does not say. */
  readonly age: number | undefined
}

// As methods, they may ask for the library's own type of message.
interface MessageHooks<Message> {
  trace(facts: MessageFacts<Message>): MessageTrace
  trust(facts: MessageFacts<Message>): Caller
  attributes(facts: MessageFacts<Message>): Attributes | undefined
}

/** What is written into messages. */
export interface MessageSendOptions {
  /** `traceparent` and `tracestate`. Default: `'all'`. */
  trace?: 'all' | 'none'
  /** Identity and baggage. Default: `'all'`. */
  identity?: 'all' | 'none'
}

/** Options of `createMessageTracer()` and of every wrapper of a messaging system. */
export interface MessageOptions<Message = unknown> {
  /**
   * Whether a single message is handled in the trace of who sent it, or in a trace of its own that
   * links to it; a function decides for each message. Default: `'join'`.
   */
  trace?: MessageTrace | MessageHooks<Message>['trace']
  /**
   * Whose messages are believed. Writing to a queue takes the broker's credentials, so it is one of
   * your own services that has written. Where others may write as well, such as partners, devices or
   * another account, say `'edge'`, or decide for each message. Default: `'internal'`.
   */
  trust?: Caller | MessageHooks<Message>['trust']
  /**
   * The trace of a message from the edge: `'link'` starts a new trace and links to it, `'join'` keeps
   * its trace id but decides sampling here, `'ignore'` drops it. Default: `'link'`.
   */
  edge?: 'link' | 'join' | 'ignore'
  /** What is written into messages. Default: trace, identity and baggage. */
  send?: MessageSendOptions
  /** The template of a destination whose name has ids in it: `order.{id}.paid`. Default: none. */
  destination?(name: string): string | undefined
  /** Destinations that are not traced; their messages stay as they are. Default: none. */
  ignore?(destination: string): boolean
  /** Attributes for the span of a message that is handled, and of one that is sent. Default: none. */
  attributes?: MessageHooks<Message>['attributes']
  /** Another format for the trace context, such as B3. Default: the global one if it has other headers than W3C's, else W3C. */
  propagator?: TextMapPropagator
  /** Whose tracer makes the spans. Default: the global one. */
  tracerProvider?: TracerProvider
}

const SEND_RULES: OptionRules<MessageSendOptions> = {
  trace: oneOf(['all', 'none']),
  identity: oneOf(['all', 'none']),
}

function orHook(words: readonly string[]): OptionRule {
  return oneOf(words, {
    allowed: 'a synchronous function',
    holds: (value) => typeof value === 'function' && !types.isAsyncFunction(value),
  })
}

/** What the options of messages may be. */
export const MESSAGE_RULES: OptionRules<MessageOptions> = {
  trace: orHook(['join', 'link']),
  trust: orHook(['internal', 'edge']),
  edge: oneOf(['link', 'join', 'ignore']),
  send: inside(SEND_RULES),
  destination: SYNC_FUNCTION,
  ignore: SYNC_FUNCTION,
  attributes: SYNC_FUNCTION,
  propagator: PROPAGATOR,
  tracerProvider: TRACER_PROVIDER,
}

/** Checks options at start-up. Throws a TypeError that names the option, the value and what is allowed. */
export function checkMessageOptions(options: MessageOptions): void {
  checkOptions('messages', options, MESSAGE_RULES)
}
