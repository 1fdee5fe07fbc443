import { type Context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api'
import { createRequestContext } from '../context/request-context.ts'
import { NO_MEMBERS, type Scope } from '../context/scope.ts'
import { count } from '../otel/counters.ts'
import { guard, noteThrown } from '../otel/guard.ts'
import {
  isDeclaredKey,
  type ReceivedIdentity,
  receiveIdentity,
} from '../propagation/baggage-identity.ts'
import {
  type Carrier,
  extractForeign,
  foreignBaggage,
  readTrace,
} from '../propagation/incoming-trace.ts'
import type { Caller } from '../trust/trust.ts'
import { parseBaggage } from '../w3c/baggage.ts'
import { FLAG_RANDOM } from '../w3c/traceparent.ts'
import type { ReceivedMessage } from './exchange.ts'
import type { MessageFacts } from './options.ts'
import type { MessageSettings } from './settings.ts'

/** What a message says, as far as it is believed. */
export interface ReadMessage {
  readonly caller: Caller
  /** The place in its trace where it was sent. */
  readonly remote: SpanContext | undefined
  readonly received: ReceivedIdentity
  /** What another propagator keeps of its headers. */
  readonly extracted: Context | undefined
}

const NOTHING_RECEIVED: ReceivedIdentity = {
  identity: [],
  undeclared: NO_MEMBERS,
  conflicts: [],
  arrived: undefined,
}

/** Reads the headers of a message. Never throws. */
export function readMessage(
  settings: MessageSettings,
  message: ReceivedMessage,
  facts: MessageFacts,
): ReadMessage {
  const carrier = guarded(message)
  const { foreign, trace: readsTrace, baggage: readsBaggage } = settings.format()
  const caller = callerOf(settings, facts)
  const extracted =
    readsTrace && foreign !== undefined ? extractForeign(foreign, carrier, ROOT_CONTEXT) : undefined
  const remote = readsTrace ? remoteOf(carrier, foreign !== undefined, extracted) : undefined
  if (caller === 'edge' && readsBaggage) countRefused(carrier.header('baggage'))
  return {
    caller,
    remote,
    extracted: caller === 'internal' ? extracted : undefined,
    received: readsBaggage ? receiveIdentity(carrier, caller, settings.format()) : NOTHING_RECEIVED,
  }
}

/** The place in its trace where a message of a batch was sent, by any sender. */
export function linkOf(
  settings: MessageSettings,
  message: ReceivedMessage,
): SpanContext | undefined {
  const { foreign, trace: readsTrace } = settings.format()
  if (!readsTrace) return undefined
  const carrier = guarded(message)
  if (foreign === undefined) return readTrace(carrier)
  return remoteOf(carrier, true, extractForeign(foreign, carrier, ROOT_CONTEXT))
}

function remoteOf(
  carrier: Carrier,
  isForeign: boolean,
  extracted: Context | undefined,
): SpanContext | undefined {
  if (!isForeign) return readTrace(carrier)
  return extracted === undefined ? undefined : trace.getSpanContext(extracted)
}

function guarded(message: ReceivedMessage): Carrier {
  return new GuardedMessage(message)
}

/** What a library hands over may have anything in its headers. */
class GuardedMessage implements Carrier {
  readonly headerNames?: () => readonly string[]
  private readonly message: ReceivedMessage

  constructor(message: ReceivedMessage) {
    this.message = message
    const { headerNames } = message
    if (headerNames === undefined) return
    this.headerNames = () => guard('headers', () => headerNames.call(message)) ?? []
  }

  header(name: string): string | undefined {
    try {
      const value: unknown = this.message.header(name)
      if (typeof value === 'string') return value
      // A promise that nobody waits for would end the process when it rejects.
      if (value !== undefined) guard('a header', () => value)
    } catch (error) {
      noteThrown('a header', error)
    }
    return undefined
  }
}

function callerOf(
  { options: { trust = 'internal' } }: MessageSettings,
  facts: MessageFacts,
): Caller {
  if (typeof trust !== 'function') return trust
  // A hook that fails has not said that it is one of ours.
  return guard('trust', () => trust(facts)) === 'internal' ? 'internal' : 'edge'
}

function countRefused(baggage: string | undefined): void {
  if (baggage === undefined) return
  for (const { key } of parseBaggage(baggage).members) {
    if (isDeclaredKey(key)) count('callchain.identity.dropped', 1, { field: key, reason: 'edge' })
  }
}

/** The scope of a message that continues `parent`, or no trace. */
export function createMessageScope(read: ReadMessage, parent: SpanContext | undefined): Scope {
  const { received, remote } = read
  return {
    root: undefined,
    served: undefined,
    inRequest: true,
    identity: received.identity,
    received: received.undeclared,
    receivedView: undefined,
    arrivedBaggage: received.arrived,
    refusedTraceId: read.caller === 'edge' && parent === undefined ? remote?.traceId : undefined,
    continuedTraceId: parent?.traceId,
    continuedRandom: parent !== undefined && (parent.traceFlags & FLAG_RANDOM) !== 0,
  }
}

/** What is read of a message whose identity is not to be taken: a batch, a tick of a repeated job. */
export function withoutIdentity(read: ReadMessage): ReadMessage {
  return { ...read, received: NOTHING_RECEIVED, extracted: undefined }
}

/** The context to run a handler in; nothing of what is active. */
export function contextOfMessage(
  read: ReadMessage,
  span: Parameters<typeof createRequestContext>[1],
  scope: Scope,
): Context {
  const { extracted } = read
  if (extracted === undefined) return createRequestContext(ROOT_CONTEXT, span, scope)
  return createRequestContext(extracted, span, scope, foreignBaggage(extracted, scope))
}

/** A batch of messages: nothing is believed of all of them together. */
export const BATCH: ReadMessage = {
  caller: 'internal',
  remote: undefined,
  extracted: undefined,
  received: NOTHING_RECEIVED,
}
