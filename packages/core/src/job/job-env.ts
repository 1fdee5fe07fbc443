import { context, trace } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { messageMembers } from '../propagation/baggage-identity.ts'
import { traceparentOf, tracestateOf } from '../propagation/outgoing-headers.ts'
import { formatBaggage } from '../w3c/baggage.ts'
import type { CarriedContext } from './carried.ts'

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

const NAMES = ['TRACEPARENT', 'TRACESTATE', 'BAGGAGE']

/**
 * A copy of the environment for a child process or a worker thread, with the current trace and
 * identity in `TRACEPARENT`, `TRACESTATE` and `BAGGAGE` in place of what this process was itself
 * started with. A field with `hash` is left out, as other users of the machine may read the
 * environment, unless it is declared with `messages: true`.
 *
 * OpenTelemetry, "Environment Variables as Context Propagation Carriers". `env` is what to copy.
 * Default: `process.env`.
 *
 * @example
 * ```ts
 * spawn('node', ['import.js'], { env: jobEnv() })
 * // in import.js:
 * await traceJob('import', { from: process.env }, importAll)
 * ```
 */
export function jobEnv(env: Environment = process.env): Record<string, string> {
  const copy: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !NAMES.includes(name)) copy[name] = value
  }
  const active = context.active()
  const scope = scopeOf(active)
  const spanContext = trace.getSpanContext(active)
  if (spanContext !== undefined && trace.isSpanContextValid(spanContext)) {
    copy.TRACEPARENT = traceparentOf(spanContext, scope)
    const tracestate = tracestateOf(spanContext)
    if (tracestate !== undefined) copy.TRACESTATE = tracestate
  }
  const baggage = scope && formatBaggage(messageMembers(scope, 'localhost'))
  if (baggage !== undefined) copy.BAGGAGE = baggage
  return copy
}

/** What an environment carries. */
export function carriedByEnv(env: Environment): CarriedContext {
  const { TRACEPARENT: traceparent, TRACESTATE: tracestate, BAGGAGE: baggage } = env
  return {
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
    ...(baggage !== undefined && { baggage }),
  }
}
