import {
  type Attributes,
  type Context,
  context,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { createTracerSource } from './current-tracer.ts'
import { ensureContextManager } from './fallback-context-manager.ts'
import { addIdentityAttributes } from './identity-wire.ts'
import type { Query } from './query.ts'
import { queryAttributes, queryName, sharedAttributes } from './query-attributes.ts'
import { type QueryCall, silentQuery, startedQuery } from './query-call.ts'
import { safely } from './safely.ts'
import { scopeOf } from './scope.ts'
import { isTracingSuppressed } from './suppression.ts'

/** Options of `createQueryTracer()`. */
export interface QueryTracerOptions {
  /** Default: the global one. */
  tracerProvider?: TracerProvider | undefined
}

/** Sends statements to a database. */
export interface QueryTracer {
  /** Whether a statement would be traced now: ask before you work out what its span says. */
  isActive(): boolean
  /** Opens the CLIENT span of one statement, as a child of what is active. */
  send(query: Query): QueryCall
  /**
   * Opens the INTERNAL span of waiting for a connection that the application asked for itself.
   * `name` is the span's: `pool.connect`.
   */
  checkOut(name: string, query: Query): QueryCall
}

/** Makes the tracer that a database driver's wrapper hands its statements to. */
export function createQueryTracer({ tracerProvider }: QueryTracerOptions = {}): QueryTracer {
  const tracer = createTracerSource(tracerProvider)
  let ready = false
  const start = (name: string, kind: SpanKind, attributes: Attributes, active: Context) => {
    if (!ready) {
      ready = true
      ensureContextManager(tracerProvider !== undefined)
    }
    const scope = scopeOf(active)
    if (scope !== undefined) addIdentityAttributes(attributes, scope, 'other')
    return tracer().startSpan(name, { kind, attributes }, active)
  }
  return {
    isActive: () => !isTracingSuppressed(context.active()),
    send: (query) =>
      opened((active) => {
        const shared = sharedAttributes(query)
        const attributes = queryAttributes(query, shared)
        const span = start(queryName(query), SpanKind.CLIENT, attributes, active)
        return startedQuery(span, trace.setSpan(active, span), shared)
      }),
    checkOut: (name, query) =>
      opened((active) => {
        const span = start(name, SpanKind.INTERNAL, sharedAttributes(query), active)
        return startedQuery(span, trace.setSpan(active, span), undefined)
      }),
  }
}

/** What a sampler or a processor throws must not keep a statement from being sent. */
function opened(open: (active: Context) => QueryCall): QueryCall {
  const active = context.active()
  if (isTracingSuppressed(active)) return silentQuery(active)
  return safely('tracing', () => open(active)) ?? silentQuery(active)
}
