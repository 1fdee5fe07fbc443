import { AsyncResource } from 'node:async_hooks'
import type { DatabaseCall } from '@callchain/core'
import { bindCallbacks, type Method } from '../driver/callbacks.ts'
import { isDispatched } from '../driver/dispatch.ts'
import { callInRootContext, emitInRootContext } from '../driver/root-context.ts'
import { runTraced } from '../driver/run-traced.ts'
import { isThenable, onSettled } from '../driver/settle.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { SqlTracer } from '../sql/tracer.ts'
import { type PgStatement, readStatement, replaceCallback, replaceText } from './arguments.ts'
import { serverOfClient } from './server.ts'
import { followSubmittable, isSubmittable, statementOf } from './submittable.ts'
import type { PgClient } from './types.ts'

/** The events that a client emits by itself. */
const OWN_EVENTS = ['drain', 'end', 'error', 'notice', 'notification']

/** Traces the statements of one connection. `isOpenedOutside`: no request has opened it. */
export function traceClient(client: PgClient, tracer: SqlTracer, isOpenedOutside = false): void {
  if (isTraced(client)) return
  markTraced(client)
  const query = client.query
  overrideMethod(client, 'query', (...args: unknown[]): unknown =>
    isDispatched(client) ? query.apply(client, args) : send(client, query, tracer, args),
  )
  callInRootContext(client, 'connect')
  if (!isOpenedOutside && (client._connecting || client._connected))
    emitInRootContext(client, OWN_EVENTS)
}

function send(
  client: PgClient,
  query: Method,
  tracer: SqlTracer,
  args: readonly unknown[],
): unknown {
  const [config] = args
  const statement = isSubmittable(config) ? statementOf(config) : readStatement(args)
  if (statement === undefined || !tracer.isActive()) return query.apply(client, [...args])
  const call = tracer.send(statement.text, statement.values, serverOfClient(client))
  if (!isSubmittable(config)) {
    return runStatement({ call, statement, tracer }, args, (followed) =>
      query.apply(client, followed),
    )
  }
  followSubmittable(config, call, tracer)
  // It keeps its own state, so pg gets the very same object.
  return runTraced(
    () => query.apply(client, bindCallbacks(args)),
    (error) => tracer.end(call, error),
  )
}

/** A statement whose span has begun. */
export interface StartedStatement {
  readonly call: DatabaseCall
  readonly statement: PgStatement
  readonly tracer: SqlTracer
}

/** Runs `query()` with a callback or a promise, and ends the span before the application goes on. */
export function runStatement(
  started: StartedStatement,
  args: readonly unknown[],
  query: (args: unknown[]) => unknown,
): unknown {
  const end = (error?: unknown): void => started.tracer.end(started.call, error)
  const commented = addComment(args, started)
  const followed = replaceCallback(commented, (callback) =>
    AsyncResource.bind((...results: unknown[]): unknown => {
      end(results[0])
      return callback(...results)
    }),
  )
  let result: unknown
  try {
    result = query(followed ?? [...commented])
  } catch (error) {
    end(error ?? new Error('threw without a reason'))
    throw error
  }
  // A pool returns a promise even for a config with a callback.
  return followed !== undefined && !isThenable(result) ? result : onSettled(result, end)
}

function addComment(
  args: readonly unknown[],
  { statement, call, tracer }: StartedStatement,
): readonly unknown[] {
  const text = tracer.comment(statement.text, call)
  return (text === undefined ? undefined : replaceText(args, text)) ?? args
}
