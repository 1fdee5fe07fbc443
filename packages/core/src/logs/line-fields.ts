import { context, trace } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { logFieldsOf } from '../identity/log-fields.ts'
import { isAsSeen, seeIdentity } from '../identity/seen-identity.ts'
import { type CurrentTrace, traceOf } from '../otel/current-trace.ts'

/** Makes the fields of a line of the trace, if there is one, and of the identity by its log names. */
export type MakeLineFields<T extends object> = (
  trace: CurrentTrace | undefined,
  identity: Readonly<Record<string, string>>,
) => T

/**
 * The fields of a line that is logged now. A request's are made once, and again when its span or its
 * identity is another: whoever gets them must not change them. They are kept for one way to make them
 * at a time.
 */
export function lineFields<T extends object>(make: MakeLineFields<T>): T {
  const active = context.active()
  const scope = scopeOf(active)
  const spanContext = trace.getSpanContext(active)
  if (scope === undefined) return make(traceOf(spanContext), {})
  const kept = scope.lineFields
  if (kept?.make === make && kept.spanContext === spanContext && isAsSeen(kept, scope)) {
    return kept.made as T
  }
  const made = make(traceOf(spanContext), logFieldsOf(scope))
  scope.lineFields = { make, made, spanContext, ...seeIdentity(scope) }
  return made
}
