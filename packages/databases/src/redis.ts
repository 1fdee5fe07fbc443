import { traceClient } from './redis/client.ts'
import { traceCluster } from './redis/cluster.ts'
import { tracePool } from './redis/pool.ts'
import { createRedisTracer, type RedisOptions } from './redis/redis-tracer.ts'
import { traceSentinel } from './redis/sentinel.ts'
import { coreOf, isClient, isCluster, isPool, isSentinel } from './redis/types.ts'

/** Options of `traceRedis()`. */
export type TraceRedisOptions = RedisOptions

/** What `traceRedis()` takes: a client, a pool, a cluster or a Sentinel of node-redis 5.8+ and 6. */
export interface RedisTarget {
  sendCommand(...args: never[]): unknown
}

/**
 * Traces a client, a pool, a cluster or a Sentinel of node-redis and returns it: each command becomes
 * a CLIENT span under the request that sent it, after OpenTelemetry's conventions for Redis; a MULTI
 * and a pipeline are one span each. The span shows the command and its keys, `?` for everything else.
 * A command that a pool runs says how long it waited for its client, in milliseconds, in
 * `callchain.db.pool_wait`. A command of a cluster or a Sentinel, or of a client that it
 * hands out, has one span, however often it is redirected or sent again. Tracing twice changes
 * nothing. Throws a TypeError for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceRedis } from '@callchain/databases/redis'
 * import { createClient } from 'redis'
 *
 * const client = traceRedis(createClient({ url: 'redis://localhost' }))
 * await client.connect()
 *
 * await client.hSet('cart:7', 'sku-1', 2)
 * ```
 */
export function traceRedis<T extends RedisTarget>(target: T, options: TraceRedisOptions = {}): T {
  const tracer = createRedisTracer(options)
  const core = coreOf(target)
  if (isPool(core)) tracePool(core, tracer)
  else if (isCluster(core)) traceCluster(core, tracer)
  else if (isSentinel(core)) traceSentinel(core, tracer)
  else if (isClient(core)) traceClient(core, tracer)
  else {
    throw new TypeError(
      'callchain: traceRedis() takes a client, a pool, a cluster or a Sentinel of node-redis; clients of ioredis go to traceIoredis() of @callchain/databases/ioredis',
    )
  }
  return target
}
