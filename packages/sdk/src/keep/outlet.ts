import type { Attributes, SpanContext, TraceState } from '@opentelemetry/api'
import type { JudgedSpan, SpanExit, Verdict } from './part.ts'
import { withThreshold } from './threshold.ts'

/** Sends spans that are kept, with what the decision says: the sampled flag, the probability, the reason. */
export class Outlet<S extends JudgedSpan> {
  private readonly exit: SpanExit<S>

  constructor(exit: SpanExit<S>) {
    this.exit = exit
  }

  send(span: S, verdict: Verdict): void {
    const own = span.spanContext()
    const traceState = stateFor(own.traceState, verdict)
    const isRight = (own.traceFlags & 1) === 1 && traceState === own.traceState
    const context = isRight ? own : contextOf(own, traceState)
    this.exit.send(span, context, isLocalRoot(span) ? describe(verdict) : undefined)
  }

  sendAll(spans: readonly S[], verdict: Verdict): void {
    for (const span of spans) this.send(span, verdict)
  }
}

/** Whether a part is kept whatever its share: then it is not asked again, and the caller may be told. */
export function isCertain(verdict: Verdict | undefined): boolean {
  return verdict !== undefined && verdict.reason !== 'share' && verdict.reason !== 'caller'
}

/** Whether a span is where its trace enters this process. */
export function isLocalRoot({ parentSpanContext }: JudgedSpan): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true
}

/** The trace state of a span that is kept: the same object where it says so already. */
export function stateFor(
  state: TraceState | undefined,
  { threshold }: Verdict,
): TraceState | undefined {
  if (threshold === 'given') return state
  const parts = state?.get('ot')?.split(';') ?? []
  const isTold =
    threshold === undefined
      ? !parts.some((part) => part.startsWith('th:'))
      : parts.includes(`th:${threshold.encoded}`)
  return isTold ? state : withThreshold(state, threshold)
}

function contextOf(own: SpanContext, traceState: TraceState | undefined): SpanContext {
  const { traceId, spanId } = own
  const traceFlags = own.traceFlags | 1
  return traceState === undefined
    ? { traceId, spanId, traceFlags }
    : { traceId, spanId, traceFlags, traceState }
}

function describe({ reason, note }: Verdict): Attributes {
  return { 'callchain.kept': reason, ...(note !== undefined && { 'callchain.kept.note': note }) }
}
