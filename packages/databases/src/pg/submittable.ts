import { AsyncResource } from 'node:async_hooks'
import type { DatabaseCall } from '@callchain/core'
import { bindCallbacks, type Method } from '../driver/callbacks.ts'
import { overrideMethod } from '../driver/traced.ts'
import type { SqlTracer } from '../sql/tracer.ts'
import { type PgStatement, readStatement } from './arguments.ts'

/** A query that talks to the connection itself: a Query, a Cursor, a QueryStream, a COPY. */
export type Submittable = Record<string, unknown>

/** Whether `query()` was given such a query. */
export function isSubmittable(config: unknown): config is Submittable {
  return typeof (config as { submit?: unknown } | null | undefined)?.submit === 'function'
}

/** The statement of such a query; a QueryStream keeps it in its cursor. */
export function statementOf(query: Submittable): PgStatement | undefined {
  return readStatement([query]) ?? readStatement([query.cursor])
}

/**
 * Ends the span when the server is done with the query, whether it was read to its end, closed early
 * or failed, and runs the application's listeners and callbacks in the context of this call.
 */
export function followSubmittable(query: Submittable, call: DatabaseCall, tracer: SqlTracer): void {
  before(query, 'handleReadyForQuery', () => tracer.end(call))
  before(query, 'handleError', (error) =>
    tracer.end(call, error ?? new Error('failed without a reason')),
  )
  if (typeof query.callback === 'function') {
    query.callback = AsyncResource.bind(query.callback as Method)
  }
  const { emit } = query
  if (typeof emit === 'function') overrideMethod(query, 'emit', AsyncResource.bind(emit as Method))
  for (const name of ['read', 'close']) bindMethod(query, name)
}

function before(query: Submittable, name: string, act: (error: unknown) => void): void {
  const original = query[name]
  if (typeof original !== 'function') return
  overrideMethod(query, name, function (this: unknown, ...args: unknown[]): unknown {
    act(args[0])
    return original.apply(this, args)
  })
}

// cursor.read(10, callback) and cursor.close(callback) may each be called in another context.
function bindMethod(query: Submittable, name: string): void {
  const original = query[name]
  if (typeof original !== 'function' || typeof query.pipe === 'function') return
  overrideMethod(query, name, function (this: unknown, ...args: unknown[]): unknown {
    return original.apply(this, bindCallbacks(args))
  })
}
