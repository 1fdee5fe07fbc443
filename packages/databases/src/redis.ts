import { AsyncResource } from 'node:async_hooks'
import type { QueryCall } from '@callchain/core'
import { endWith } from './ending.ts'
import type { Method } from './method.ts'
import { callOutside } from './outside.ts'
import type { RedisCommand } from './redis/command-text.ts'
import { createRedisTracer, type RedisOptions, type RedisTracer } from './redis/redis-tracer.ts'
import type { DatabaseServer } from './sql-tracer.ts'
import { isTraced, markTraced, overrideMethod } from './traced.ts'

/** Options of `traceRedis()`. */
export type TraceRedisOptions = RedisOptions

/** What `traceRedis()` takes: a client or a pool of node-redis 5.8+ and 6. */
export interface RedisTarget {
  sendCommand(...args: never[]): unknown
}

interface RedisClient {
  connect: Method
  sendCommand: Method
  _executeMulti: Method
  _executePipeline: Method
  readonly options?: {
    readonly socket?: { readonly host?: unknown; readonly port?: unknown; readonly path?: unknown }
    readonly database?: unknown
  }
}

interface RedisPool {
  connect: Method
  execute: Method
}

/**
 * Traces a client or a pool of node-redis and returns it: each command becomes a CLIENT span under
 * the request that sent it, after OpenTelemetry's conventions for Redis; a MULTI and a pipeline are
 * one span each. The span shows the command and its keys, `?` for everything else. A command that a
 * pool runs says how long it waited for its client, in milliseconds, in `callchain.db.pool_wait`.
 * Tracing twice changes nothing. Throws a TypeError for something else, or for an option that is not
 * allowed.
 */
export function traceRedis<T extends RedisTarget>(target: T, options: TraceRedisOptions = {}): T {
  const tracer = createRedisTracer(options)
  const core = coreOf(target)
  if (isPool(core)) tracePool(core, tracer)
  else if (isClient(core)) traceClient(core, tracer)
  else throw new TypeError('callchain: traceRedis() takes a client or a pool of node-redis')
  return target
}

// What node-redis hands out is a view of the client: what is put on the client shows in all of them.
function coreOf(target: unknown): unknown {
  return (target as { _self?: unknown } | null | undefined)?._self ?? target
}

function isPool(target: unknown): target is RedisPool {
  return typeof (target as Partial<RedisPool> | null | undefined)?.execute === 'function'
}

function isClient(target: unknown): target is RedisClient {
  const { sendCommand, _executeMulti } = (target ?? {}) as Partial<RedisClient>
  return typeof sendCommand === 'function' && typeof _executeMulti === 'function'
}

const WAITED = Symbol.for('callchain.redis.waited')

// The pool runs a task that had to wait in the context of whoever gave the client back.
function tracePool(pool: RedisPool, tracer: RedisTracer): void {
  if (isTraced(pool)) return
  markTraced(pool)
  const { execute } = pool
  const outside = callOutside(pool, 'connect')
  overrideMethod(pool, 'execute', (task: Method): unknown => {
    const askedAt = performance.now()
    const run: Method = (client) => {
      const core = coreOf(client)
      if (!isClient(core)) return task(client)
      traceClient(core, tracer)
      const waiting = core as { [WAITED]?: number | undefined }
      waiting[WAITED] = performance.now() - askedAt
      try {
        return task(client)
      } finally {
        waiting[WAITED] = undefined
      }
    }
    const bound = AsyncResource.bind(run)
    return outside(() => execute.call(pool, bound))
  })
}

function traceClient(client: RedisClient, tracer: RedisTracer): void {
  if (isTraced(client)) return
  markTraced(client)
  callOutside(client, 'connect')
  const { sendCommand } = client
  // Views of a client, such as withTypeMapping() makes, are made from it: `this` is one of them.
  overrideMethod(client, 'sendCommand', function (this: unknown, ...args: unknown[]): unknown {
    if (!Array.isArray(args[0]) || !tracer.isActive()) return sendCommand.apply(this, args)
    const call = tracer.send(commandOf(args[0]), serverOf(client))
    return run(call, client, tracer, () => sendCommand.apply(this, args))
  })
  for (const [name, kind] of BATCHES) {
    const execute = client[name]
    overrideMethod(client, name, function (this: unknown, ...args: unknown[]): unknown {
      if (!Array.isArray(args[0]) || !tracer.isActive()) return execute.apply(this, args)
      const commands = args[0].map((each: { args: unknown[] }) => commandOf(each.args))
      const call = tracer.sendBatch(kind, commands, serverOf(client))
      return run(call, client, tracer, () => execute.apply(this, args))
    })
  }
}

const BATCHES = [
  ['_executeMulti', 'MULTI'],
  ['_executePipeline', 'PIPELINE'],
] as const

function run(
  call: QueryCall,
  client: RedisClient,
  tracer: RedisTracer,
  send: () => unknown,
): unknown {
  const waiting = client as { [WAITED]?: number | undefined }
  if (waiting[WAITED] !== undefined) call.waited(waiting[WAITED])
  waiting[WAITED] = undefined
  try {
    return endWith(send(), (error) => tracer.end(call, error))
  } catch (error) {
    tracer.end(call, error)
    throw error
  }
}

function commandOf([name, ...args]: readonly unknown[]): RedisCommand {
  return { name: String(name), args }
}

function serverOf({ options }: RedisClient): DatabaseServer {
  const { host, port, path } = options?.socket ?? {}
  const isSocket = typeof path === 'string'
  const address = isSocket ? path : (host ?? 'localhost')
  return {
    namespace: String(options?.database ?? 0),
    serverAddress: typeof address === 'string' ? address : undefined,
    serverPort: isSocket || port === undefined ? undefined : Number(port),
  }
}
