import { AsyncResource } from 'node:async_hooks'
import { bindCallbacks, type Method } from '../driver/callbacks.ts'
import { isDispatched } from '../driver/dispatch.ts'
import { emitInRootContext } from '../driver/root-context.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { SqlTracer } from '../sql/tracer.ts'
import { endWhenConnectionBreaks, recordSent } from './in-flight.ts'
import { serverOf } from './server.ts'
import { addComment, boundValues, readStatement, runStatement } from './statement.ts'
import type { MysqlConnection } from './types.ts'

/** Traces the statements of one connection. */
export function traceConnection(connection: MysqlConnection, tracer: SqlTracer): void {
  if (isTraced(connection)) return
  markTraced(connection)
  // It opens as soon as it is made, by the first request that needs it.
  emitInRootContext(connection, ['error', 'end'])
  endWhenConnectionBreaks(connection, tracer)
  for (const name of ['query', 'execute'] as const) {
    const original = connection[name]
    overrideMethod(connection, name, (...args: unknown[]): unknown => {
      const statement = isDispatched(connection) ? undefined : readStatement(args)
      if (statement === undefined || !tracer.isActive()) return original.apply(connection, args)
      const { text, values } = statement
      const call = tracer.send(text, values, serverOf(connection.config))
      recordSent(connection, call)
      const sent = name === 'query' ? addComment(args, statement, call, tracer) : args
      return runStatement(call, tracer, sent, original.bind(connection))
    })
  }
  tracePrepare(connection, tracer)
}

function tracePrepare(connection: MysqlConnection, tracer: SqlTracer): void {
  const { prepare } = connection
  overrideMethod(connection, 'prepare', (options: unknown, callback: unknown): unknown => {
    if (typeof callback !== 'function') return prepare.call(connection, options, callback)
    const text = typeof options === 'string' ? options : (options as { sql?: unknown })?.sql
    const prepared: Method = (error, statement) => {
      if (isStatement(statement)) traceExecute(statement, String(text), connection, tracer)
      return callback(error, statement)
    }
    return prepare.call(connection, options, AsyncResource.bind(prepared))
  })
}

interface PreparedStatement {
  execute: Method
}

function isStatement(value: unknown): value is PreparedStatement {
  return typeof (value as { execute?: unknown } | undefined)?.execute === 'function'
}

function traceExecute(
  statement: PreparedStatement,
  text: string,
  connection: MysqlConnection,
  tracer: SqlTracer,
): void {
  const { execute } = statement
  overrideMethod(statement, 'execute', (...args: unknown[]): unknown => {
    if (!tracer.isActive()) return execute.apply(statement, bindCallbacks(args))
    const values = typeof args[0] === 'function' ? [] : boundValues(args[0])
    const call = tracer.send(text, values, serverOf(connection.config))
    recordSent(connection, call)
    return runStatement(call, tracer, args, execute.bind(statement))
  })
}
