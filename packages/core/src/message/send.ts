import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { errorType } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { isForgotten } from '../otel/forgotten.ts'
import { guard, noteThrown } from '../otel/guard.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { parseTraceparent } from '../w3c/traceparent.ts'
import { describe } from './attributes.ts'
import { writeCarriers } from './carriers.ts'
import type { MessageOutcome, MessageSending, SentMessage } from './exchange.ts'
import { MAX_LINKS } from './links.ts'
import { operationDuration, sentMessages } from './metrics.ts'
import type { MessageSettings } from './settings.ts'
import { SpanCall } from './span-call.ts'

/** A call that sends messages, in progress. */
export interface SendCall {
  /** The PRODUCER span. */
  readonly span: Span
  /** The context of the span. */
  readonly context: Context
  /** Ends the span. Only the first call counts. */
  confirm(outcome?: MessageOutcome): void
}

/** A call that is not traced. */
export function silentSendCall(active: Context): SendCall {
  const span =
    trace.getSpan(active) ?? trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
  return { span, context: active, confirm: () => {} }
}

/** Opens the span of a call that sends, and writes its context into the messages. */
export function startSending(
  settings: MessageSettings,
  sending: MessageSending,
  active: Context,
): SendCall {
  const links = linksOf(sending, active)
  // Without a trace of ours, the one that the application has put in is not replaced.
  const carriesTrace = trace.getSpanContext(active) !== undefined || links.length === 0
  const kind = carriesTrace ? SpanKind.PRODUCER : SpanKind.CLIENT
  const { span, shared } = isForgotten(settings.options.tracerProvider, active)
    ? startForgotten(settings, sending, kind, active)
    : startSpan(settings, sending, { kind, links }, active)
  const within = trace.setSpan(active, span)
  writeCarriers(settings, sending, within, carriesTrace)
  return new SpanSendCall(span, within, shared, sending.messages.length)
}

interface Started {
  readonly span: Span
  readonly shared: () => Attributes
}

function startSpan(
  settings: MessageSettings,
  sending: MessageSending,
  { kind, links }: { readonly kind: SpanKind; readonly links: Link[] },
  active: Context,
): Started {
  const { name, shared, attributes } = describe(settings, sending, 'send')
  addSendAttributes(attributes, sending)
  const scope = scopeOf(active)
  if (scope !== undefined) addIdentityAttributes(attributes, scope, 'other')
  return { span: settings.tracer().startSpan(name, { kind, attributes, links }, active), shared }
}

// Only its id goes out, and only a duration may be asked for.
function startForgotten(
  settings: MessageSettings,
  sending: MessageSending,
  kind: SpanKind,
  active: Context,
): Started {
  return {
    span: settings.tracer().startSpan(sending.operation, { kind }, active),
    shared: () => describe(settings, sending, 'send').shared(),
  }
}

function addSendAttributes(attributes: Attributes, sending: MessageSending): void {
  if (sending.batch === true) {
    attributes[key.MESSAGING_BATCH_MESSAGE_COUNT] = sending.messages.length
    return
  }
  if (sending.messageId !== undefined) attributes[key.MESSAGING_MESSAGE_ID] = sending.messageId
  if (sending.conversationId !== undefined) {
    attributes[key.MESSAGING_MESSAGE_CONVERSATION_ID] = sending.conversationId
  }
}

const NO_LINKS: Link[] = []

// What is forwarded has the trace that it came with: it is replaced, and kept as a link.
function linksOf({ messages }: MessageSending, active: Context): Link[] {
  let links: Link[] = NO_LINKS
  for (const message of messages) {
    const context = traceOf(message)
    if (context === undefined) continue
    const parent = trace.getSpanContext(active)
    if (context.traceId === parent?.traceId && context.spanId === parent.spanId) continue
    if (links === NO_LINKS) links = []
    links.push({ context })
    if (links.length === MAX_LINKS) break
  }
  return links
}

function traceOf(message: SentMessage): SpanContext | undefined {
  try {
    const traceparent = message.header('traceparent')
    return traceparent === undefined ? undefined : parseTraceparent(traceparent)
  } catch (error) {
    noteThrown('propagation', error)
    return undefined
  }
}

class SpanSendCall extends SpanCall implements SendCall {
  private readonly messages: number

  constructor(span: Span, context: Context, shared: () => Attributes, messages: number) {
    super(span, context, shared)
    this.messages = messages
  }

  confirm(outcome: MessageOutcome = {}): void {
    this.finish(outcome)
  }

  protected override end(outcome: MessageOutcome): void {
    const { span } = this
    const failure = failureOf(outcome)
    if (span.isRecording()) {
      if (outcome.messageId !== undefined) {
        span.setAttribute(key.MESSAGING_MESSAGE_ID, outcome.messageId)
      }
      if (failure !== undefined) markFailed(span, failure, outcome.error)
    }
    span.end()
    const duration = operationDuration()
    if (duration === undefined) return
    const shared = this.shared()
    if (failure !== undefined) shared[key.ERROR_TYPE] = failure
    duration.record(this.seconds, shared, this.context)
    sentMessages().add(this.messages, shared, this.context)
  }
}

// The library's code says more than its class.
function failureOf({ error, errorType: code }: MessageOutcome): string | undefined {
  if (code !== undefined) return code
  if (error === undefined || error === null) return undefined
  const own: unknown = guard('an error', () => Reflect.get(Object(error), 'code'))
  return typeof own === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(own) ? own : errorType(error)
}
