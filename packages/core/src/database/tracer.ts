import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { ensureContextManager } from '../context/fallback-context-manager.ts'
import { scopeOf } from '../context/scope.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import { isForgotten } from '../otel/forgotten.ts'
import { noteThrown } from '../otel/guard.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { sharedAttributes, statementAttributes, statementName } from './attributes.ts'
import {
  type DatabaseCall,
  forgottenDatabaseCall,
  silentDatabaseCall,
  startedDatabaseCall,
} from './call.ts'
import { statementDuration } from './metrics.ts'
import type { DatabaseStatement } from './statement.ts'

/** Options of `createDatabaseTracer()`. */
export interface DatabaseTracerOptions {
  /** Whose tracer makes the spans. Default: the global one. */
  tracerProvider?: TracerProvider | undefined
  /** Whether a statement that is sent outside any trace gets no span, and is not measured. Default: false. */
  requireParent?: boolean | undefined
}

/** Sends statements to a database. */
export interface DatabaseTracer {
  /** Whether a statement would be traced now: ask before you work out what its span says. */
  isActive(): boolean
  /**
   * Whether anybody sees what the span or the duration of a statement says: nobody does in an unsampled
   * trace where nothing is measured. Then `system` alone is enough of a statement.
   */
  isObserved(): boolean
  /** Opens the CLIENT span of one statement, as a child of what is active. */
  send(statement: DatabaseStatement): DatabaseCall
  /**
   * Opens the INTERNAL span of waiting for a connection that the application asked for itself.
   * `name` is the span's: `pool.connect`.
   */
  checkOut(name: string, statement: DatabaseStatement): DatabaseCall
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
export function createDatabaseTracer({
  tracerProvider,
  requireParent = false,
}: DatabaseTracerOptions = {}): DatabaseTracer {
  const tracer = createTracerSource(tracerProvider)
  let ready = false
  const isSilent = (active: Context): boolean =>
    isTracingSuppressed(active) || (requireParent && trace.getSpan(active) === undefined)
  const start = (name: string, kind: SpanKind, opened: Opened): Span => {
    const { attributes, active, startedAt } = opened
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
    isObserved: () =>
      statementDuration() !== undefined || !isForgotten(tracerProvider, context.active()),
    send: (statement) =>
      opened(isSilent, (active) => {
        const { system, startedAt } = statement
        const isMeasured = statementDuration() !== undefined
        if (!isMeasured && isForgotten(tracerProvider, active)) return forgottenDatabaseCall(active)
        const attributes = statementAttributes(statement)
        const name = statementName(statement)
        return startedDatabaseCall({
          span: start(name, SpanKind.CLIENT, { attributes, active, startedAt }),
          active,
          system,
          measured: isMeasured ? sharedAttributes(statement) : undefined,
          startedAt: isMeasured ? (startedAt ?? performance.now()) : 0,
        })
      }),
    checkOut: (name, statement) =>
      opened(isSilent, (active) => {
        const attributes = sharedAttributes(statement)
        const span = start(name, SpanKind.INTERNAL, { attributes, active })
        const { system } = statement
        return startedDatabaseCall({ span, active, system, measured: undefined, startedAt: 0 })
      }),
  }
}

interface Opened {
  readonly attributes: Attributes
  readonly active: Context
  readonly startedAt?: number | undefined
}

/** What a sampler or a processor throws must not keep a statement from being sent. */
function opened(
  isSilent: (active: Context) => boolean,
  open: (active: Context) => DatabaseCall,
): DatabaseCall {
  const active = context.active()
  if (isSilent(active)) return silentDatabaseCall(active)
  try {
    return open(active)
  } catch (error) {
    noteThrown('tracing', error)
    return silentDatabaseCall(active)
  }
}
