import { AsyncLocalStorage } from 'node:async_hooks'
import type { QueryCall } from '@callchain/core'
import { dispatchTo } from '../dispatch.ts'
import type { Method } from '../method.ts'
import type { SqlTracer } from '../sql-tracer.ts'
import { isTraced, markTraced, overrideMethod } from '../traced.ts'
import { traceConnection } from './connection.ts'
import { sentOn } from './in-flight.ts'
import { serverOf } from './server.ts'
import { commentOn, ending, readStatement, runStatement } from './statement.ts'
import type { MysqlConnection, MysqlPool } from './types.ts'

/** The statement that a pool is asking a connection for, while it does. */
type Asking = QueryCall | 'untraced'

/** Traces the statements of a pool, and of every connection it hands out. */
export function tracePool(pool: MysqlPool, tracer: SqlTracer): void {
  if (isTraced(pool)) return
  markTraced(pool)
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
    const original = pool[name]
    overrideMethod(pool, name, (...args: unknown[]): unknown => {
      const statement = readStatement(args)
      if (statement === undefined || !tracer.isActive()) {
        return whileAsking('untraced', () => original.apply(pool, args))
      }
      const { text, values } = statement
      const call = tracer.send(text, values, serverOf(pool.config.connectionConfig))
      const sent = name === 'query' ? commentOn(args, statement, call, tracer) : args
      return runStatement(call, tracer, sent, (...followed) =>
        whileAsking(call, () => original.apply(pool, followed)),
      )
    })
  }
  traceCheckOut(pool, tracer, () => asking)
}

function traceCheckOut(pool: MysqlPool, tracer: SqlTracer, asking: () => Asking | undefined): void {
  const { getConnection } = pool
  const outside = AsyncLocalStorage.snapshot()
  const ours = new WeakSet<Method>()
  overrideMethod(pool, 'getConnection', (callback: Method): unknown => {
    // The pool asks again for whoever waited for a connection that broke.
    if (ours.has(callback)) return getConnection.call(pool, callback)
    const whom = asking()
    const handedOut =
      whom === undefined ? checkingOut(pool, tracer, callback) : dispatching(callback, whom)
    const traced: Method = (...results) => {
      const connection = results[1] as MysqlConnection | undefined
      if (connection !== undefined) traceConnection(connection, tracer)
      return handedOut(...results)
    }
    ours.add(traced)
    return outside(() => getConnection.call(pool, traced))
  })
}

function checkingOut(pool: MysqlPool, tracer: SqlTracer, callback: Method): Method {
  const server = serverOf(pool.config.connectionConfig)
  return ending(tracer.checkOut('pool.getConnection', server), tracer, callback)
}

/** Notes how long a statement waited, and hands it to the connection without a second span. */
function dispatching(callback: Method, asking: Asking): Method {
  const startedAt = performance.now()
  return (...results) => {
    if (asking !== 'untraced') asking.waited(performance.now() - startedAt)
    const connection = results[1] as MysqlConnection | undefined
    if (connection === undefined || connection === null) return callback(...results)
    if (asking !== 'untraced') sentOn(connection, asking)
    return dispatchTo(connection, () => callback(...results))
  }
}
