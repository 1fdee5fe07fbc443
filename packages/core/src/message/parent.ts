import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
} from '@opentelemetry/api'
import { guard } from '../otel/guard.ts'
import { canJoinAtEdge } from '../otel/sdk-traits.ts'
import { EDGE_JOIN_KEY } from '../otel/shared-keys.ts'
import { FLAG_RANDOM } from '../w3c/traceparent.ts'
import type { MessageDelivery } from './exchange.ts'
import type { ReadMessage } from './incoming.ts'
import type { MessageFacts } from './options.ts'
import type { MessageSettings } from './settings.ts'

/** What the span of a message hangs on. */
export interface MessageParent {
  readonly parent: SpanContext | undefined
  readonly links: Link[]
  readonly base: Context
}

/**
 * Decides between parent and link (messaging conventions, "Consumer spans": the creation context may
 * be the parent of a single message, and stays a link). `batch` is the span of the batch that the
 * message was taken out of.
 */
export function decideParent(
  settings: MessageSettings,
  delivery: MessageDelivery,
  read: ReadMessage,
  facts: MessageFacts,
  batch: Span | undefined,
): MessageParent {
  const { remote } = read
  if (batch !== undefined) {
    return { parent: batch.spanContext(), links: linkTo(evidence(read)), base: ROOT_CONTEXT }
  }
  if (remote === undefined) return { parent: undefined, links: [], base: ROOT_CONTEXT }
  if (read.caller === 'edge') return decideAtEdge(settings, read, remote)
  const joins = delivery.repeated !== true && traceOf(settings, facts) === 'join'
  return {
    parent: joins ? remote : undefined,
    links: linkTo(remote),
    base: read.extracted ?? ROOT_CONTEXT,
  }
}

function decideAtEdge(
  { options: { edge = 'link' } }: MessageSettings,
  read: ReadMessage,
  remote: SpanContext,
): MessageParent {
  if (edge === 'ignore') return { parent: undefined, links: [], base: ROOT_CONTEXT }
  const links = linkTo(evidence(read))
  if (edge === 'link' || !canJoinAtEdge()) return { parent: undefined, links, base: ROOT_CONTEXT }
  const { traceId, spanId, traceFlags } = remote
  return {
    parent: { traceId, spanId, traceFlags: traceFlags & FLAG_RANDOM, isRemote: true },
    links,
    base: ROOT_CONTEXT.setValue(EDGE_JOIN_KEY, true),
  }
}

// Of a message from the edge neither tracestate nor anything else is believed.
function evidence({ caller, remote }: ReadMessage): SpanContext | undefined {
  if (remote === undefined || caller === 'internal') return remote
  const { traceId, spanId, traceFlags } = remote
  return { traceId, spanId, traceFlags, isRemote: true }
}

function traceOf({ options: { trace = 'join' } }: MessageSettings, facts: MessageFacts): unknown {
  if (typeof trace !== 'function') return trace
  return guard('trace', () => trace(facts)) ?? 'join'
}

function linkTo(context: SpanContext | undefined): Link[] {
  return context === undefined ? [] : [{ context }]
}
