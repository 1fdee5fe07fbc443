import type { DatabaseCall } from '@callchain/core'
import type { Method } from '../driver/callbacks.ts'
import type { DatabaseServer } from '../driver/database-server.ts'
import { dispatchTo } from '../driver/dispatch.ts'
import { runInRootContext } from '../driver/root-context.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { SqlTracer } from '../sql/tracer.ts'
import { traceConnection } from './connection.ts'
import { recordSent } from './in-flight.ts'
import { serverOf } from './server.ts'
import { addComment, ending, readStatement, runStatement } from './statement.ts'
import type { MysqlConnection, MysqlPool, MysqlSource } from './types.ts'

/** The statement that a pool is requesting a connection for at the moment. */
type Requester = DatabaseCall | 'untraced'

/** Traces the statements of a pool, and of every connection it hands out. */
export function tracePool(pool: MysqlPool, tracer: SqlTracer): void {
  traceSource(pool, tracer, () => serverOf(pool.config.connectionConfig))
}

/**
 * Traces the statements of a pool or a namespace of pools, and of every connection it hands out.
 * `server` says where it is connected, as far as that is known before it has a connection.
 */
export function traceSource(
  source: MysqlSource,
  tracer: SqlTracer,
  server: () => DatabaseServer,
): void {
  if (isTraced(source)) return
  markTraced(source)
  let requester: Requester | undefined
  const whileRequesting = (statement: Requester, run: () => unknown): unknown => {
    requester = statement
    try {
      return run()
    } finally {
      requester = undefined
    }
  }
  for (const name of ['query', 'execute'] as const) {
    const original = source[name]
    overrideMethod(source, name, (...args: unknown[]): unknown => {
      const statement = readStatement(args)
      if (statement === undefined || !tracer.isActive()) {
        return whileRequesting('untraced', () => original.apply(source, args))
      }
      const { text, values } = statement
      const call = tracer.send(text, values, server())
      const sent = name === 'query' ? addComment(args, statement, call, tracer) : args
      return runStatement(call, tracer, sent, (...followed) =>
        whileRequesting(call, () => original.apply(source, followed)),
      )
    })
  }
  traceCheckOut(source, tracer, server, () => requester)
}

function traceCheckOut(
  source: MysqlSource,
  tracer: SqlTracer,
  server: () => DatabaseServer,
  requester: () => Requester | undefined,
): void {
  const { getConnection } = source
  const ownCallbacks = new WeakSet<Method>()
  overrideMethod(source, 'getConnection', (callback: Method): unknown => {
    // The pool requests again, with the same callback, when a waited-for connection broke.
    if (ownCallbacks.has(callback)) return getConnection.call(source, callback)
    const statement = requester()
    const handedOut =
      statement === undefined
        ? checkingOut(tracer, server(), callback)
        : dispatching(callback, statement, server().serverAddress === undefined)
    const traced: Method = (...results) => {
      const connection = results[1] as MysqlConnection | undefined
      if (connection !== undefined && connection !== null) traceConnection(connection, tracer)
      return handedOut(...results)
    }
    ownCallbacks.add(traced)
    return runInRootContext(() => getConnection.call(source, traced))
  })
}

function checkingOut(tracer: SqlTracer, server: DatabaseServer, callback: Method): Method {
  return ending(tracer.checkOut('pool.getConnection', server), tracer, callback)
}

/**
 * Records how long a statement waited and, if `isServerUnknown`, where it went, and passes it to the
 * connection without a second span.
 */
function dispatching(callback: Method, requester: Requester, isServerUnknown: boolean): Method {
  const startedAt = performance.now()
  return (...results) => {
    if (requester !== 'untraced') requester.waited(performance.now() - startedAt)
    const connection = results[1] as MysqlConnection | undefined
    if (connection === undefined || connection === null) return callback(...results)
    if (requester !== 'untraced') {
      if (isServerUnknown) requester.sentTo(serverOf(connection.config))
      recordSent(connection, requester)
    }
    return dispatchTo(connection, () => callback(...results))
  }
}
