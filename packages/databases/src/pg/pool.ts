import { AsyncResource } from 'node:async_hooks'
import type { DatabaseCall } from '@callchain/core'
import type { Method } from '../driver/callbacks.ts'
import type { DatabaseServer } from '../driver/database-server.ts'
import { dispatchTo } from '../driver/dispatch.ts'
import { runInRootContext } from '../driver/root-context.ts'
import { onSettled } from '../driver/settle.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { SqlTracer } from '../sql/tracer.ts'
import { readStatement } from './arguments.ts'
import { runStatement, traceClient } from './client.ts'
import { createServerReader, serverOfOptions } from './server.ts'
import { isSubmittable } from './submittable.ts'
import type { PgClient, PgPool } from './types.ts'

/** The state of a traced pool. */
interface PoolState {
  server: DatabaseServer
  /** The statement that `pool.query()` is requesting a connection for at the moment. */
  requester: DatabaseCall | 'untraced' | undefined
}

/** Traces the statements of a pool, and of every client it hands out. */
export function tracePool(pool: PgPool, tracer: SqlTracer): void {
  if (isTraced(pool)) return
  markTraced(pool)
  const state: PoolState = { server: serverOfOptions(pool.options), requester: undefined }
  const serverOf = createServerReader()
  // When it is handed out, not when it connects: the statements that set it up are the pool's own.
  const openedOutside = new WeakSet<PgClient>()
  pool.on('connect', (client) => openedOutside.add(client))
  pool.on('acquire', (client) => {
    state.server = serverOf(client)
    traceClient(client, tracer, openedOutside.has(client))
  })
  const { query, connect } = pool
  overrideMethod(pool, 'query', (...args: unknown[]): unknown => {
    // The client traces such a query: only the connection knows when it has ended.
    if (isSubmittable(args[0])) return query.apply(pool, args)
    const statement = readStatement(args)
    if (statement === undefined || !tracer.isActive()) {
      return whileRequesting(state, 'untraced', () => query.apply(pool, args))
    }
    const call = tracer.send(statement.text, statement.values, state.server)
    return runStatement({ call, statement, tracer }, args, (followed) =>
      whileRequesting(state, call, () => query.apply(pool, followed)),
    )
  })
  const open = openOutside(pool, connect)
  overrideMethod(pool, 'connect', (callback?: unknown): unknown => {
    const { requester } = state
    if (requester === undefined) return checkOut(tracer.checkOut('pool.connect', state.server))
    return open(dispatching(callback as Method, requester))

    function checkOut(call: DatabaseCall): unknown {
      if (typeof callback !== 'function')
        return onSettled(open(), (error) => tracer.end(call, error))
      return open(
        AsyncResource.bind((...results: unknown[]): unknown => {
          tracer.end(call, results[0])
          return callback(...results)
        }),
      )
    }
  })
}

/** How a pool hands out a connection: it opens one outside any request. */
function openOutside(pool: PgPool, connect: Method): Method {
  const { newClient } = pool
  if (typeof newClient !== 'function') {
    return (...args) => runInRootContext(() => connect.apply(pool, args))
  }
  // Most connections are open already, and to leave the request's context costs as much as the rest.
  overrideMethod(pool, 'newClient', (...args: unknown[]): unknown =>
    runInRootContext(() => newClient.apply(pool, args)),
  )
  return (...args) => connect.apply(pool, args)
}

function whileRequesting(
  state: PoolState,
  requester: PoolState['requester'],
  run: () => unknown,
): unknown {
  state.requester = requester
  try {
    return run()
  } finally {
    state.requester = undefined
  }
}

/** Records how long a statement waited, in milliseconds, and passes it to the client without a second span. */
function dispatching(callback: Method, requester: DatabaseCall | 'untraced'): Method {
  const measured = requester !== 'untraced' && requester.isObserved ? requester : undefined
  const startedAt = measured === undefined ? 0 : performance.now()
  return (...results) => {
    measured?.waited(performance.now() - startedAt)
    const client = results[1] as PgClient | undefined
    return client === undefined
      ? callback(...results)
      : dispatchTo(client, () => callback(...results))
  }
}
