import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { noteDatabaseError } from '../errors/database-error.ts'
import { errorName } from '../errors/error-name.ts'
import { recordException } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { safely } from '../otel/guard.ts'
import { addServer } from './attributes.ts'
import { queryDuration } from './metrics.ts'
import type { Query, QueryResult } from './statement.ts'

/** A statement in progress. */
export interface QueryCall {
  /** The CLIENT span. */
  readonly span: Span
  /** The context of the span. */
  readonly context: Context
  /** Notes how long the statement waited for a connection of its pool, in milliseconds. */
  waited(milliseconds: number): void
  /** Says where the statement goes to, where that was not known yet. */
  sentTo(server: Pick<Query, 'namespace' | 'serverAddress' | 'serverPort'>): void
  /** Ends the span. Only the first call counts. */
  receive(result: QueryResult): void
}

/** A statement that is not traced. */
export function silentQuery(active: Context): QueryCall {
  const span =
    trace.getSpan(active) ?? trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
  return { span, context: active, waited: () => {}, sentTo: () => {}, receive: () => {} }
}

/**
 * A statement whose span has begun. `measured` has what its duration says; without it, none is
 * recorded.
 */
export function startedQuery(
  span: Span,
  within: Context,
  measured: Attributes | undefined,
  startedAt: number = performance.now(),
): QueryCall {
  let ended = false
  return {
    span,
    context: within,
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
      safely('ending a span', () => finish(span, result, { startedAt, measured, within }))
    },
  }
}

interface Started {
  readonly startedAt: number
  readonly measured: Attributes | undefined
  readonly within: Context
}

function finish(span: Span, result: QueryResult, started: Started): void {
  const { error, statusCode, endedMillisAgo: ago = 0 } = result
  const failed = error !== undefined && error !== null
  const type = failed ? (statusCode ?? errorName(error)) : undefined
  if (type !== undefined) {
    const isShown = result.shownError !== undefined
    noteDatabaseError(error, { type, isShown }, scopeOf(started.within)?.served)
  }
  if (type !== undefined && span.isRecording()) markQueryFailed(span, type, result)
  // A span begins at a whole millisecond, so one more does not let it end before that.
  span.end(ago === 0 ? undefined : Date.now() - ago + 1)
  measure(started, type, statusCode, ago)
}

// A database's messages quote values, so the exception event has its class alone unless the caller
// of the seam says what may be shown.
function markQueryFailed(span: Span, type: string, result: QueryResult): void {
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
  const duration = measured && queryDuration()
  if (duration === undefined || measured === undefined) return
  if (type !== undefined) measured[key.ERROR_TYPE] = type
  if (statusCode !== undefined) measured[key.DB_RESPONSE_STATUS_CODE] = statusCode
  duration.record((performance.now() - startedAt - ago) / 1000, measured, within)
}
