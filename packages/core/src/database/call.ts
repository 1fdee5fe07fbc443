import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { noteDatabaseError } from '../errors/database-error.ts'
import { errorName } from '../errors/error-name.ts'
import { recordException } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { guard } from '../otel/guard.ts'
import { addServer } from './attributes.ts'
import { statementDuration } from './metrics.ts'
import type { DatabaseResult, DatabaseStatement } from './statement.ts'

/** A statement in progress. */
export interface DatabaseCall {
  /** The CLIENT span. */
  readonly span: Span
  /** The context of the span. */
  readonly context: Context
  /** Whether anyone sees how the statement ends: nobody does where nothing is recorded or measured. */
  readonly isObserved: boolean
  /** Notes how long the statement waited for a connection of its pool, in milliseconds. */
  waited(milliseconds: number): void
  /** Says where the statement goes to, where that was not known yet. */
  sentTo(server: Pick<DatabaseStatement, 'namespace' | 'serverAddress' | 'serverPort'>): void
  /** Ends the span. Only the first call counts. */
  receive(result: DatabaseResult): void
}

/** A statement that is not traced. */
export function silentDatabaseCall(active: Context): DatabaseCall {
  const span =
    trace.getSpan(active) ?? trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
  return {
    span,
    context: active,
    isObserved: false,
    waited: () => {},
    sentTo: () => {},
    receive: () => {},
  }
}

/**
 * A statement whose span has begun. `measured` has what its duration says; without it, none is
 * recorded.
 */
export function startedDatabaseCall(
  span: Span,
  within: Context,
  measured: Attributes | undefined,
  startedAt: number = performance.now(),
): DatabaseCall {
  let ended = false
  return {
    span,
    context: within,
    isObserved: span.isRecording() || (measured !== undefined && statementDuration() !== undefined),
    waited: (milliseconds) => {
      span.setAttribute(key.DB_POOL_WAIT, Math.round(milliseconds * 1000) / 1000)
    },
    sentTo: (server) => {
      const attributes: Attributes = {}
      addServer(attributes, { system: String(measured?.[key.DB_SYSTEM_NAME]), ...server })
      span.setAttributes(attributes)
      if (measured !== undefined) Object.assign(measured, attributes)
    },
    receive: (result) => {
      if (ended) return
      ended = true
      guard('ending a span', () => finish(span, result, { startedAt, measured, within }))
    },
  }
}

interface Started {
  readonly startedAt: number
  readonly measured: Attributes | undefined
  readonly within: Context
}

function finish(span: Span, result: DatabaseResult, started: Started): void {
  const { error, statusCode, endedMillisAgo: ago = 0 } = result
  const failed = error !== undefined && error !== null
  const type = failed ? (statusCode ?? errorName(error)) : undefined
  if (type !== undefined) {
    const isShown = result.shownError !== undefined
    noteDatabaseError(error, { type, isShown }, scopeOf(started.within)?.served)
  }
  if (type !== undefined && span.isRecording()) markStatementFailed(span, type, result)
  // A span begins at a whole millisecond, so one more does not let it end before that.
  span.end(ago === 0 ? undefined : Date.now() - ago + 1)
  measure(started, type, statusCode, ago)
}

// A database's messages quote values, so the exception event has its class alone unless the caller
// of the seam says what may be shown.
function markStatementFailed(span: Span, type: string, result: DatabaseResult): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute(key.ERROR_TYPE, type)
  const { statusCode, shownError } = result
  if (statusCode !== undefined) span.setAttribute(key.DB_RESPONSE_STATUS_CODE, statusCode)
  if (shownError !== undefined) recordException(span, shownError)
  else span.addEvent('exception', { [key.EXCEPTION_TYPE]: errorName(result.error) })
}

function measure(
  { startedAt, measured, within }: Started,
  type: string | undefined,
  statusCode: string | undefined,
  ago: number,
): void {
  const duration = measured && statementDuration()
  if (duration === undefined || measured === undefined) return
  if (type !== undefined) measured[key.ERROR_TYPE] = type
  if (statusCode !== undefined) measured[key.DB_RESPONSE_STATUS_CODE] = statusCode
  duration.record((performance.now() - startedAt - ago) / 1000, measured, within)
}
