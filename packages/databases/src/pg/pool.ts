import { AsyncResource } from 'node:async_hooks'
import type { QueryCall } from '@callchain/core'
import type { Method } from '../driver/callbacks.ts'
import { dispatchTo } from '../driver/dispatch.ts'
import { runOutside } from '../driver/root-context.ts'
import { endWith } from '../driver/settle.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { DatabaseServer, SqlTracer } from '../sql/tracer.ts'
import { readStatement } from './arguments.ts'
import { runStatement, traceClient } from './client.ts'
import { serverOfClient, serverOfOptions } from './server.ts'
import { isSubmittable } from './submittable.ts'
import type { PgClient, PgPool } from './types.ts'

/** What is going on in a traced pool. */
interface PoolState {
  server: DatabaseServer
  /** The statement that `pool.query()` is asking a connection for, while it does. */
  asking: QueryCall | 'untraced' | undefined
}

/** Traces the statements of a pool, and of every client it hands out. */
export function tracePool(pool: PgPool, tracer: SqlTracer): void {
  if (isTraced(pool)) return
  markTraced(pool)
  const state: PoolState = { server: serverOfOptions(pool.options), asking: undefined }
  // When it is handed out rather than when it connects: what sets a connection up is the pool's.
  const openedOutside = new WeakSet<PgClient>()
  pool.on('connect', (client) => openedOutside.add(client))
  pool.on('acquire', (client) => {
    state.server = serverOfClient(client)
    traceClient(client, tracer, openedOutside.has(client))
  })
  const { query, connect } = pool
  overrideMethod(pool, 'query', (...args: unknown[]): unknown => {
    // Such a query is the client's to trace: only the connection knows when it has ended.
    if (isSubmittable(args[0])) return query.apply(pool, args)
    const statement = readStatement(args)
    if (statement === undefined || !tracer.isActive()) {
      return whileAsking(state, 'untraced', () => query.apply(pool, args))
    }
    const call = tracer.send(statement.text, statement.values, state.server)
    return runStatement(call, tracer, args, (...followed) =>
      whileAsking(state, call, () => query.apply(pool, followed)),
    )
  })
  const open: Method = (...args) => runOutside(() => connect.apply(pool, args))
  overrideMethod(pool, 'connect', (callback?: unknown): unknown => {
    const { asking } = state
    if (asking === undefined) return checkOut(tracer.checkOut('pool.connect', state.server))
    return open(dispatching(callback as Method, asking))

    function checkOut(call: QueryCall): unknown {
      if (typeof callback !== 'function') return endWith(open(), (error) => tracer.end(call, error))
      return open(
        AsyncResource.bind((...results: unknown[]): unknown => {
          tracer.end(call, results[0])
          return callback(...results)
        }),
      )
    }
  })
}

function whileAsking(state: PoolState, asking: PoolState['asking'], run: () => unknown): unknown {
  state.asking = asking
  try {
    return run()
  } finally {
    state.asking = undefined
  }
}

/** Notes how long a statement waited, in milliseconds, and hands it to the client without a second span. */
function dispatching(callback: Method, asking: QueryCall | 'untraced'): Method {
  const startedAt = performance.now()
  return (...results) => {
    if (asking !== 'untraced') asking.waited(performance.now() - startedAt)
    const client = results[1] as PgClient | undefined
    return client === undefined
      ? callback(...results)
      : dispatchTo(client, () => callback(...results))
  }
}
