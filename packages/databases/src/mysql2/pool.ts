import type { QueryCall } from '@callchain/core'
import type { Method } from '../driver/callbacks.ts'
import { dispatchTo } from '../driver/dispatch.ts'
import { runOutside } from '../driver/root-context.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { DatabaseServer, SqlTracer } from '../sql/tracer.ts'
import { traceConnection } from './connection.ts'
import { sentOn } from './in-flight.ts'
import { serverOf } from './server.ts'
import { commentOn, ending, readStatement, runStatement } from './statement.ts'
import type { MysqlConnection, MysqlPool, MysqlSource } from './types.ts'

/** The statement that a pool is asking a connection for, while it does. */
type Asking = QueryCall | 'untraced'

/** Traces the statements of a pool, and of every connection it hands out. */
export function tracePool(pool: MysqlPool, tracer: SqlTracer): void {
  traceSource(pool, tracer, () => serverOf(pool.config.connectionConfig))
}

/**
 * Traces the statements of what runs them on connections of its choice, and of every connection it
 * hands out. `server` says where it is connected, as far as that is known before it has a connection.
 */
export function traceSource(
  source: MysqlSource,
  tracer: SqlTracer,
  server: () => DatabaseServer,
): void {
  if (isTraced(source)) return
  markTraced(source)
  let asking: Asking | undefined
  const whileAsking = (whom: Asking, run: () => unknown): unknown => {
    asking = whom
    try {
      return run()
    } finally {
      asking = undefined
    }
  }
  for (const name of ['query', 'execute'] as const) {
    const original = source[name]
    overrideMethod(source, name, (...args: unknown[]): unknown => {
      const statement = readStatement(args)
      if (statement === undefined || !tracer.isActive()) {
        return whileAsking('untraced', () => original.apply(source, args))
      }
      const { text, values } = statement
      const call = tracer.send(text, values, server())
      const sent = name === 'query' ? commentOn(args, statement, call, tracer) : args
      return runStatement(call, tracer, sent, (...followed) =>
        whileAsking(call, () => original.apply(source, followed)),
      )
    })
  }
  traceCheckOut(source, tracer, server, () => asking)
}

function traceCheckOut(
  source: MysqlSource,
  tracer: SqlTracer,
  server: () => DatabaseServer,
  asking: () => Asking | undefined,
): void {
  const { getConnection } = source
  const ours = new WeakSet<Method>()
  overrideMethod(source, 'getConnection', (callback: Method): unknown => {
    // It asks again for whoever waited for a connection that broke.
    if (ours.has(callback)) return getConnection.call(source, callback)
    const whom = asking()
    const handedOut =
      whom === undefined
        ? checkingOut(tracer, server(), callback)
        : dispatching(callback, whom, server().serverAddress === undefined)
    const traced: Method = (...results) => {
      const connection = results[1] as MysqlConnection | undefined
      if (connection !== undefined && connection !== null) traceConnection(connection, tracer)
      return handedOut(...results)
    }
    ours.add(traced)
    return runOutside(() => getConnection.call(source, traced))
  })
}

function checkingOut(tracer: SqlTracer, server: DatabaseServer, callback: Method): Method {
  return ending(tracer.checkOut('pool.getConnection', server), tracer, callback)
}

/**
 * Notes how long a statement waited, and where it went when that `isNew`, and hands it to the
 * connection without a second span.
 */
function dispatching(callback: Method, asking: Asking, isNew: boolean): Method {
  const startedAt = performance.now()
  return (...results) => {
    if (asking !== 'untraced') asking.waited(performance.now() - startedAt)
    const connection = results[1] as MysqlConnection | undefined
    if (connection === undefined || connection === null) return callback(...results)
    if (asking !== 'untraced') {
      if (isNew) asking.sentTo(serverOf(connection.config))
      sentOn(connection, asking)
    }
    return dispatchTo(connection, () => callback(...results))
  }
}
