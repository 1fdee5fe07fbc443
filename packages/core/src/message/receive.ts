import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import { createRequestContext } from '../context/request-context.ts'
import { type Scope, scopeOf } from '../context/scope.ts'
import * as key from '../http/attributes.ts'
import { recordConflicts } from '../identity/assign.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { addOwnAttributes, describe } from './attributes.ts'
import { type DeliveryCall, type SpanOwner, startedDelivery } from './delivery-call.ts'
import type { MessageDelivery, ReceivedMessage } from './exchange.ts'
import {
  BATCH,
  contextOfMessage,
  createMessageScope,
  linkOf,
  type ReadMessage,
  readMessage,
  withoutIdentity,
} from './incoming.ts'
import { joinedSpan } from './joined.ts'
import { MAX_LINKS } from './links.ts'
import type { MessageFacts } from './options.ts'
import { decideParent } from './parent.ts'
import type { MessageSettings } from './settings.ts'

/** Opens the CONSUMER span of one message. */
export function startMessage(
  settings: MessageSettings,
  delivery: MessageDelivery,
  message: ReceivedMessage,
  active: Context,
): DeliveryCall {
  const facts = factsOf(delivery, message)
  const all = readMessage(settings, message, facts)
  const read = delivery.repeated === true ? withoutIdentity(all) : all
  const batch = delivery.pulled === true ? batchOf(active) : undefined
  const joined = joinedSpan(active, read.remote)
  const { parent, links, base } = decideParent(settings, delivery, read, facts, batch)
  const scope = createMessageScope(read, parent)
  const { name, shared, attributes } = describe(settings, delivery, 'process')
  if (delivery.group !== undefined) attributes[key.MESSAGING_CONSUMER_GROUP_NAME] = delivery.group
  addMessageAttributes(attributes, message, facts)
  addIdentityAttributes(attributes, scope, 'server')
  addOwnAttributes(attributes, settings, facts)
  if (joined !== undefined) {
    // The span of another tracer is that of this message already: it gets what only we know.
    joined.setAttributes(attributes)
    return serve(joined, read, scope, shared, 'others')
  }
  if (delivery.pulled === true && batch === undefined) addAmbient(links, active)
  const parentSpan = parent === undefined ? undefined : trace.wrapSpanContext(parent)
  const span = settings
    .tracer()
    .startSpan(
      name,
      { kind: SpanKind.CONSUMER, attributes, links },
      createRequestContext(base, parentSpan, scope),
    )
  return serve(span, read, scope, shared)
}

/** Opens the CONSUMER span of a batch: a root, with a link to each of its messages. */
export function startBatch(settings: MessageSettings, delivery: MessageDelivery): DeliveryCall {
  const links: Link[] = []
  for (const message of delivery.messages) {
    if (links.length === MAX_LINKS) break
    const context = linkOf(settings, message)
    if (context !== undefined) links.push({ context })
  }
  const scope = createMessageScope(BATCH, undefined)
  const { name, shared, attributes } = describe(settings, delivery, 'process')
  if (delivery.group !== undefined) attributes[key.MESSAGING_CONSUMER_GROUP_NAME] = delivery.group
  attributes[key.MESSAGING_BATCH_MESSAGE_COUNT] = delivery.messages.length
  const within = contextOfMessage(BATCH, undefined, scope)
  const span = settings
    .tracer()
    .startSpan(name, { kind: SpanKind.CONSUMER, attributes, links }, within)
  scope.served = { span, route: undefined, rpc: undefined, errorLogs: false, kind: 'message' }
  batches.add(scope.served)
  const context = contextOfMessage(BATCH, span, scope)
  return startedDelivery(span, context, { shared, messages: delivery.messages.length })
}

// The open batches: a message that is taken out of one is its child.
const batches = new WeakSet<object>()

function batchOf(active: Context): Span | undefined {
  const served = scopeOf(active)?.served
  return served !== undefined && batches.has(served) ? served.span : undefined
}

function serve(
  span: Span,
  read: ReadMessage,
  scope: Scope,
  shared: () => Attributes,
  owner?: SpanOwner,
): DeliveryCall {
  scope.served = { span, route: undefined, rpc: undefined, errorLogs: false, kind: 'message' }
  recordConflicts(span, read.received.conflicts)
  const context = contextOfMessage(read, span, scope)
  return startedDelivery(span, context, { shared, messages: 1 }, owner)
}

// A loop that was started inside a request is in its context for ever, but no longer a part of it.
function addAmbient(links: Link[], active: Context): void {
  const span = trace.getSpan(active)
  if (span?.isRecording() === true) links.push({ context: span.spanContext() })
}

function factsOf({ destination }: MessageDelivery, message: ReceivedMessage): MessageFacts {
  const { raw, attempt, sentAt } = message
  const age = sentAt === undefined ? undefined : Math.max(0, Date.now() - sentAt)
  return { message: raw, destination, attempt, age }
}

function addMessageAttributes(
  attributes: Attributes,
  { id, conversationId }: ReceivedMessage,
  { attempt, age }: MessageFacts,
): void {
  if (id !== undefined) attributes[key.MESSAGING_MESSAGE_ID] = id
  if (conversationId !== undefined) {
    attributes[key.MESSAGING_MESSAGE_CONVERSATION_ID] = conversationId
  }
  if (attempt !== undefined) attributes[key.MESSAGE_ATTEMPT] = attempt
  if (age !== undefined && Number.isFinite(age)) attributes[key.MESSAGE_AGE] = age
}
