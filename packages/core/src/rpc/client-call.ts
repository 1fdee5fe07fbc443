import { type Attributes, type Context, type Span, trace } from '@opentelemetry/api'
import { errorType } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { hearAnswer } from '../keep/kept-headers.ts'
import type { TraceKeeper } from '../keep/trace-keeper.ts'
import { guard } from '../otel/guard.ts'
import { describeEnd } from './describe-end.ts'
import type { RpcClientOutcome } from './exchange.ts'
import { clientCallDuration, outcomeAttributes } from './metrics.ts'

/** A call that goes out. */
export interface RpcClientCall {
  /** The CLIENT span. */
  readonly span: Span
  /** The context of the span. */
  readonly context: Context
  /** Whether it has a span of its own: it is neither ignored nor traced by somebody else. */
  readonly isTraced: boolean
  /** Ends the span. Only the first call counts. */
  receive(outcome: RpcClientOutcome): void
}

/** A call that is not traced. */
export function silentClientCall(active: Context): RpcClientCall {
  const span =
    trace.getSpan(active) ?? trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
  return { span, context: active, isTraced: false, receive: () => {} }
}

/** Opens the books of a call whose span has begun; `shared` is what its metric says of it, `keeper` hears of its answer. */
export function startedClientCall(
  span: Span,
  active: Context,
  shared: Attributes,
  responseMetadata: readonly string[],
  keeper: TraceKeeper | undefined,
): RpcClientCall {
  const within = trace.setSpan(active, span)
  const duration = clientCallDuration()
  const startedAt = performance.now()
  let ended = false
  return {
    span,
    context: within,
    isTraced: true,
    receive: (outcome) => {
      if (ended) return
      ended = true
      // Before the span ends, and the decision is taken.
      if (keeper !== undefined) hear(keeper, outcome, span)
      guard('ending a span', () => {
        const failure = failureOf(outcome)
        if (span.isRecording()) describe(span, outcome, failure, responseMetadata)
        span.end()
        if (duration === undefined) return
        const attributes = { ...shared, ...outcomeAttributes(outcome.status, failure) }
        duration.record((performance.now() - startedAt) / 1000, attributes, within)
      })
    },
  }
}

function hear(keeper: TraceKeeper, outcome: RpcClientOutcome, span: Span): void {
  const header = (name: string): string | undefined => outcome.header?.(name)
  guard('reading an answer', () => hearAnswer(keeper, header, span.spanContext().traceId))
}

function describe(
  span: Span,
  outcome: RpcClientOutcome,
  failure: string | undefined,
  responseMetadata: readonly string[],
): void {
  const { peerAddress, peerPort, cancelled } = outcome
  describeEnd(span, outcome, responseMetadata)
  if (peerAddress !== undefined) span.setAttribute(key.NETWORK_PEER_ADDRESS, peerAddress)
  if (peerPort !== undefined) span.setAttribute(key.NETWORK_PEER_PORT, peerPort)
  if (cancelled === true) {
    span.setAttribute(key.CALLED_OFF, true)
    span.addEvent(key.CALLED_OFF)
  }
  if (failure !== undefined) markFailed(span, failure, outcome.error)
}

// For a client every status but OK is an error (RPC conventions); calling it off is not.
function failureOf({ status, error, cancelled }: RpcClientOutcome): string | undefined {
  if (cancelled === true) return undefined
  if (status !== undefined) return status.toUpperCase() === 'OK' ? undefined : status
  return error === undefined || error === null ? undefined : errorType(error)
}
