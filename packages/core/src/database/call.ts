import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { noteDatabaseError } from '../errors/database-error.ts'
import { errorName } from '../errors/error-name.ts'
import { recordException } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { noteThrown } from '../otel/guard.ts'
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
  return new UnseenDatabaseCall(active, true)
}

/**
 * A statement of which nothing is kept: it needs no span of its own. Only its error is noted, since the
 * request's log lines hide what a database says.
 */
export function forgottenDatabaseCall(active: Context): DatabaseCall {
  return new UnseenDatabaseCall(active, false)
}

class UnseenDatabaseCall implements DatabaseCall {
  readonly span: Span
  readonly context: Context
  readonly isObserved = false
  private ended: boolean

  constructor(active: Context, ended: boolean) {
    this.span =
      trace.getSpan(active) ?? trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
    this.context = active
    this.ended = ended
  }

  // A property: wrappers of drivers take it off the call.
  readonly receive = (result: DatabaseResult): void => {
    if (this.ended) return
    this.ended = true
    noteFailure(result, this.context)
  }

  waited(): void {}

  sentTo(): void {}
}

/** A statement whose span has begun. */
export interface StartedStatement {
  readonly span: Span
  /** The context that it was sent in. */
  readonly active: Context
  readonly system: string
  /** What its duration says; without it, none is recorded. */
  readonly measured: Attributes | undefined
  /** On the clock of `performance.now()`; only where it is measured. */
  readonly startedAt: number
}

/** A call for a statement whose span has begun. */
export function startedDatabaseCall(started: StartedStatement): DatabaseCall {
  return new StartedDatabaseCall(started)
}

class StartedDatabaseCall implements DatabaseCall {
  readonly span: Span
  readonly isObserved: boolean
  private readonly started: StartedStatement
  private within: Context | undefined
  private ended = false

  constructor(started: StartedStatement) {
    this.span = started.span
    this.started = started
    this.isObserved = started.measured !== undefined || started.span.isRecording()
    this.within = undefined
  }

  // A property: wrappers of drivers take it off the call.
  readonly receive = (result: DatabaseResult): void => {
    if (this.ended) return
    this.ended = true
    try {
      finish(this, result, this.started)
    } catch (error) {
      noteThrown('ending a span', error)
    }
  }

  // Made when it is asked for: most drivers run in the context of the request.
  get context(): Context {
    this.within ??= trace.setSpan(this.started.active, this.span)
    return this.within
  }

  waited(milliseconds: number): void {
    this.span.setAttribute(key.DB_POOL_WAIT, Math.round(milliseconds * 1000) / 1000)
  }

  sentTo(server: Pick<DatabaseStatement, 'namespace' | 'serverAddress' | 'serverPort'>): void {
    const { measured, system } = this.started
    const attributes: Attributes = {}
    addServer(attributes, { system, ...server })
    this.span.setAttributes(attributes)
    if (measured !== undefined) Object.assign(measured, attributes)
  }
}

function finish(call: DatabaseCall, result: DatabaseResult, started: StartedStatement): void {
  const { span } = call
  const { statusCode, endedMillisAgo: ago = 0 } = result
  const type = noteFailure(result, started.active)
  if (type !== undefined && span.isRecording()) markStatementFailed(span, type, result)
  // A span begins at a whole millisecond, so one more does not let it end before that.
  span.end(ago === 0 ? undefined : Date.now() - ago + 1)
  if (started.measured !== undefined) measure(call, { type, statusCode, ago }, started)
}

/** Its `error.type`, where it has failed. */
function noteFailure(result: DatabaseResult, active: Context): string | undefined {
  const { error, statusCode, shownError } = result
  if (error === undefined || error === null) return undefined
  const type = statusCode ?? errorName(error)
  noteDatabaseError(error, { type, isShown: shownError !== undefined }, scopeOf(active)?.served)
  return type
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
  { context }: DatabaseCall,
  {
    type,
    statusCode,
    ago,
  }: { type: string | undefined; statusCode: string | undefined; ago: number },
  { startedAt, measured }: StartedStatement,
): void {
  if (measured === undefined) return
  if (type !== undefined) measured[key.ERROR_TYPE] = type
  if (statusCode !== undefined) measured[key.DB_RESPONSE_STATUS_CODE] = statusCode
  statementDuration()?.record((performance.now() - startedAt - ago) / 1000, measured, context)
}
