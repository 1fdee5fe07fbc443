import type { SpanContext, TraceState } from '@opentelemetry/api'
import type { Redactor } from './redactor.ts'

/** The same context, its trace state without the members that may not go out. */
export function redactContext(context: SpanContext, redactor: Redactor): SpanContext {
  const { traceState } = context
  if (!traceState) return context
  const text = String(traceState.serialize())
  if (redactor.isKnownClean(text)) return context
  const members = text.split(',')
  const kept = members.filter((member) => mayGoOut(member, redactor))
  if (kept.length === members.length) {
    redactor.foundClean(text)
    return context
  }
  return { ...context, traceState: new SentTraceState(kept.join(',')) }
}

function mayGoOut(member: string, redactor: Redactor): boolean {
  const equals = member.indexOf('=')
  const [key, value] = [member.slice(0, equals).trim(), member.slice(equals + 1)]
  if (redactor.attributes([key], [value], OTHER) !== undefined) return false
  return redactor.text('tracestate', member) === member
}

/** No kind of span, event or link. */
const OTHER = 7

/** A trace state to be sent, and no more. */
class SentTraceState implements TraceState {
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  set(): TraceState {
    return this
  }

  unset(): TraceState {
    return this
  }

  get(): undefined {
    return undefined
  }

  serialize(): string {
    return this.text
  }
}
