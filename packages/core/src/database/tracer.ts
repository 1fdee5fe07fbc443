import {
  type Attributes,
  type Context,
  context,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { ensureContextManager } from '../context/fallback-context-manager.ts'
import { scopeOf } from '../context/scope.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import { safely } from '../otel/guard.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { queryAttributes, queryName, sharedAttributes } from './attributes.ts'
import { type QueryCall, silentQuery, startedQuery } from './call.ts'
import type { Query } from './statement.ts'

/** Options of `createQueryTracer()`. */
export interface QueryTracerOptions {
  /** Default: the global one. */
  tracerProvider?: TracerProvider | undefined
  /** Whether what is sent outside any trace is left out. Default: false. */
  requireParent?: boolean | undefined
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

/**
 * Makes the tracer that a database driver's wrapper hands its statements to.
 *
 * @example
 * ```ts
 * const tracer = createDatabaseTracer()
 * const call = tracer.send({ system: 'sqlite', summary: 'SELECT orders', text: 'SELECT * FROM orders' })
 * try {
 *   return await context.with(call.context, () => driver.query(text))
 * } catch (error) {
 *   call.receive({ error })
 *   throw error
 * } finally {
 *   call.receive({}) // only the first call counts
 * }
 * ```
 */
export function createQueryTracer({
  tracerProvider,
  requireParent = false,
}: QueryTracerOptions = {}): QueryTracer {
  const tracer = createTracerSource(tracerProvider)
  let ready = false
  const isSilent = (active: Context): boolean =>
    isTracingSuppressed(active) || (requireParent && trace.getSpan(active) === undefined)
  const start = (
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    active: Context,
    startedAt?: number,
  ) => {
    if (!ready) {
      ready = true
      ensureContextManager(tracerProvider !== undefined)
    }
    const scope = scopeOf(active)
    if (scope !== undefined) addIdentityAttributes(attributes, scope, 'other')
    if (startedAt === undefined) return tracer().startSpan(name, { kind, attributes }, active)
    const startTime = Date.now() - (performance.now() - startedAt)
    return tracer().startSpan(name, { kind, attributes, startTime }, active)
  }
  return {
    isActive: () => !isSilent(context.active()),
    send: (query) =>
      opened(isSilent, (active) => {
        const shared = sharedAttributes(query)
        const attributes = queryAttributes(query, shared)
        const { startedAt } = query
        const span = start(queryName(query), SpanKind.CLIENT, attributes, active, startedAt)
        return startedQuery(span, trace.setSpan(active, span), shared, startedAt)
      }),
    checkOut: (name, query) =>
      opened(isSilent, (active) => {
        const span = start(name, SpanKind.INTERNAL, sharedAttributes(query), active)
        return startedQuery(span, trace.setSpan(active, span), undefined)
      }),
  }
}

/** What a sampler or a processor throws must not keep a statement from being sent. */
function opened(
  isSilent: (active: Context) => boolean,
  open: (active: Context) => QueryCall,
): QueryCall {
  const active = context.active()
  if (isSilent(active)) return silentQuery(active)
  return safely('tracing', () => open(active)) ?? silentQuery(active)
}
