import { AsyncResource } from 'node:async_hooks'
import type { Method } from '../driver/callbacks.ts'
import type { DatabaseServer } from '../driver/database-server.ts'
import { callInRootContext, runInRootContext } from '../driver/root-context.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import { afterWaiting, traceClient } from './client.ts'
import type { RedisTracer } from './redis-tracer.ts'
import { serverOf } from './server.ts'
import { coreOf, isClient, type RedisPool } from './types.ts'

/**
 * Traces the commands of a pool, and runs each task in the context of its call: the pool itself runs a
 * task that had to wait in the context of the task that gave the client back.
 */
export function tracePool(pool: RedisPool, tracer: RedisTracer): void {
  if (isTraced(pool)) return
  markTraced(pool)
  callInRootContext(pool, 'connect')
  const { execute } = pool
  let server: DatabaseServer | undefined
  overrideMethod(pool, 'execute', (task: Method): unknown => {
    const startedAt = performance.now()
    let hasClient = false
    const run: Method = (client) => {
      hasClient = true
      const core = coreOf(client)
      if (!isClient(core)) return task(client)
      traceClient(core, tracer)
      server = serverOf(core)
      return afterWaiting(core, performance.now() - startedAt, () => task(client))
    }
    const bound = AsyncResource.bind(run)
    const answer = runInRootContext(() => execute.call(pool, bound)) as Promise<unknown>
    return answer.catch((error: unknown) => {
      if (!hasClient && tracer.isActive()) tracer.fail(error, { server, startedAt })
      throw error
    })
  })
}
