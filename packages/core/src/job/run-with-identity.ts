import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import { ensureContextManager } from '../context/fallback-context-manager.ts'
import { createScope, deriveScope, type Scope, scopeOf } from '../context/scope.ts'
import type { IdentityInput } from '../identity/assign.ts'
import { assignAll } from '../identity/fields.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import { guard } from '../otel/guard.ts'
import { SCOPE_KEY } from '../otel/shared-keys.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { endWith } from './end-with.ts'

const tracer = createTracerSource(undefined)

/**
 * Runs `callback` with these values of identity on top of the current ones: for work inside a request
 * that is for somebody else. Outside any trace it opens a root span, so that the work is one trace
 * that can be found by its identity; `traceJob` gives that span a name of your own. Keys are the names
 * of declared fields; an unknown one throws a TypeError. Returns what `callback` returns.
 *
 * @example
 * ```ts
 * queue.process(({ data }) =>
 *   runWithIdentity({ 'tenant.id': data.tenantId, 'user.id': undefined }, () => invoice(data)),
 * )
 * ```
 */
export function runWithIdentity<T>(
  values: Readonly<Record<string, IdentityInput | undefined>>,
  callback: () => T,
): T {
  ensureContextManager()
  const active = context.active()
  const outer = scopeOf(active)
  const scope = outer === undefined ? createScope() : deriveScope(outer)
  assignAll(scope, values, 'runWithIdentity')
  const within = active.setValue(SCOPE_KEY, scope)
  const span = isOutside(active) ? guard('tracing', () => startSpan(within, scope)) : undefined
  if (span === undefined) return context.with(within, callback)
  scope.served = { span, route: undefined, rpc: undefined, errorLogs: false, kind: 'message' }
  return endWith(() => context.with(trace.setSpan(within, span), callback), span, scope)
}

function isOutside(active: Context): boolean {
  return trace.getSpan(active) === undefined && !isTracingSuppressed(active)
}

function startSpan(within: Context, scope: Scope): Span | undefined {
  const attributes: Attributes = {}
  addIdentityAttributes(attributes, scope, 'server')
  const span = tracer().startSpan(
    'runWithIdentity',
    { kind: SpanKind.INTERNAL, attributes },
    within,
  )
  // Without an SDK there is nothing to end.
  return trace.isSpanContextValid(span.spanContext()) ? span : undefined
}
