import type { Context, Link, SpanContext } from '@opentelemetry/api'
import { canJoinAtEdge } from '../otel/sdk-traits.ts'
import { EDGE_JOIN_KEY } from '../otel/shared-keys.ts'
import { FLAG_RANDOM } from '../w3c/traceparent.ts'
import type { Arrival } from './arrival.ts'

/** What the SERVER span of a request hangs on. */
export interface ParentDecision {
  readonly parent: SpanContext | undefined
  readonly link: Link | undefined
  readonly base: Context
}

// What a caller on the edge sent is evidence, not instruction: no tracestate, no sampled flag.
/** Decides whether a request continues its caller's trace, links to it, or has nothing of it. */
export function decideParent({
  settings,
  active,
  extracted,
  decision,
  remote,
}: Arrival): ParentDecision {
  if (remote === undefined || decision.caller === 'internal') {
    return { parent: remote, link: undefined, base: extracted ?? active }
  }
  if (settings.edge === 'ignore') return { parent: undefined, link: undefined, base: active }
  const { traceId, spanId, traceFlags } = remote
  if (settings.edge === 'join' && canJoinAtEdge()) {
    const parent = { traceId, spanId, traceFlags: traceFlags & FLAG_RANDOM, isRemote: true }
    return { parent, link: undefined, base: active.setValue(EDGE_JOIN_KEY, true) }
  }
  const link = { context: { traceId, spanId, traceFlags, isRemote: true } }
  return { parent: undefined, link, base: active }
}
