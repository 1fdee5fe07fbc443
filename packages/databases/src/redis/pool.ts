import { AsyncResource } from 'node:async_hooks'
import type { Method } from '../driver/callbacks.ts'
import { callOutside, runOutside } from '../driver/root-context.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { DatabaseServer } from '../sql/tracer.ts'
import { afterWaiting, traceClient } from './client.ts'
import type { RedisTracer } from './redis-tracer.ts'
import { serverOf } from './server.ts'
import { coreOf, isClient, type RedisPool } from './types.ts'

/**
 * Traces the commands of a pool. It runs a task that had to wait in the context of whoever gave the
 * client back.
 */
export function tracePool(pool: RedisPool, tracer: RedisTracer): void {
  if (isTraced(pool)) return
  markTraced(pool)
  callOutside(pool, 'connect')
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
    const answer = runOutside(() => execute.call(pool, bound)) as Promise<unknown>
    return answer.catch((error: unknown) => {
      if (!hasClient && tracer.isActive()) tracer.fail(error, { server, startedAt })
      throw error
    })
  })
}
