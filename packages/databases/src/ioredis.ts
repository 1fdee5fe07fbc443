import { bypassInstrumentations } from './driver/instrumented.ts'
import { callInRootContext, emitInRootContext } from './driver/root-context.ts'
import { isTraced, markTraced, overrideMethod } from './driver/traced.ts'
import { tracePipeline } from './ioredis/pipeline.ts'
import { serverOf } from './ioredis/server.ts'
import type { IoredisClient, IoredisCommand, IoredisPipeline } from './ioredis/types.ts'
import { failureIn } from './redis/answer.ts'
import { createRedisTracer, type RedisOptions, type RedisTracer } from './redis/redis-tracer.ts'

/** Options of `traceIoredis()`. */
export type TraceIoredisOptions = RedisOptions

/** What `traceIoredis()` takes: a Redis or a Cluster of ioredis 5 and 6. */
export interface IoredisTarget {
  sendCommand(...args: never[]): unknown
  pipeline(...args: never[]): unknown
}

/**
 * Traces a Redis or a Cluster of ioredis and returns it: each command becomes a CLIENT span under
 * the request that sent it, after OpenTelemetry's conventions for Redis, from the moment it is
 * called, even when it has to wait for the connection. A pipeline and a transaction are one span
 * each; the commands of an automatic pipeline keep theirs. The span shows the command and its keys,
 * `?` for everything else. Tracing twice changes nothing. Throws a TypeError for anything else, and
 * for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceIoredis } from '@callchain/databases/ioredis'
 * import { Redis } from 'ioredis'
 *
 * const redis = traceIoredis(new Redis('redis://localhost'))
 *
 * await redis.hset('cart:7', 'sku-1', 2)
 * ```
 */
export function traceIoredis<T extends IoredisTarget>(
  target: T,
  options: TraceIoredisOptions = {},
): T {
  const { sendCommand, pipeline } = (target ?? {}) as Partial<IoredisTarget>
  if (typeof sendCommand !== 'function' || typeof pipeline !== 'function') {
    throw new TypeError(
      'callchain: traceIoredis() takes a Redis or a Cluster of ioredis; clients of node-redis go to traceRedis() of @callchain/databases/redis',
    )
  }
  const tracer = createRedisTracer(options)
  if (!isTraced(target)) traceClient(target as unknown as IoredisClient, tracer)
  return target
}

/** The events that a client emits by itself. */
const OWN_EVENTS = [
  ...['message', 'pmessage', 'smessage'].flatMap((name) => [name, `${name}Buffer`]),
  ...['connect', 'ready', 'close', 'reconnecting', 'end', 'error', 'moved', 'monitor'],
]

function traceClient(client: IoredisClient, tracer: RedisTracer): void {
  markTraced(client)
  const { sendCommand } = client
  const known = new WeakSet<IoredisCommand>()
  overrideMethod(client, 'sendCommand', (...args: unknown[]): unknown => {
    const command = args[0] as IoredisCommand
    // A pipeline passes the stream to write to as well.
    const isPipelined = args[1] !== undefined
    if (!isPipelined && !known.has(command) && !isHandshake(client, command) && tracer.isActive()) {
      known.add(command)
      follow(command, client, tracer)
    }
    return sendCommand.apply(client, args)
  })
  for (const name of ['pipeline', 'multi'] as const) {
    const original = client[name]
    overrideMethod(client, name, (...args: unknown[]): unknown => {
      const made = original.apply(client, args)
      if (isPipeline(made)) tracePipeline(made, client, tracer)
      return made
    })
  }
  callInRootContext(client, 'connect')
  // It began to connect when it was made, unless it was told not to.
  emitInRootContext(client, OWN_EVENTS)
  if (client.isCluster) {
    // A cluster's clients connect when they get a command.
    const each = (node: IoredisClient): void => {
      // Its commands have their spans above.
      bypassInstrumentations(node)
      callInRootContext(node, 'connect')
    }
    for (const node of client.nodes?.('all') ?? []) each(node)
    client.on('+node', each)
  }
}

// Ends with the answer itself, before the application gets it. A handler on the promise would hide a
// rejection that the application does not handle.
function follow(command: IoredisCommand, client: IoredisClient, tracer: RedisTracer): void {
  const call = tracer.send(command, serverOf(client))
  const { resolve, reject, name } = command
  command.resolve = (...results) => {
    tracer.end(call, name.toLowerCase() === 'exec' ? failureIn(results[0]) : undefined)
    return resolve(...results)
  }
  command.reject = (...errors) => {
    const error = errors[0] ?? new Error('rejected without a reason')
    tracer.end(call, isRecovered(command, error) ? undefined : error)
    return reject(...errors)
  }
}

/** Whether ioredis goes on by itself: it sends a script that the server does not have again. */
function isRecovered(command: IoredisCommand, error: unknown): boolean {
  const isOwnScript = Object.getPrototypeOf(Object.getPrototypeOf(command)) !== Object.prototype
  return isOwnScript && error instanceof Error && error.message.startsWith('NOSCRIPT')
}

const HANDSHAKE = new Set(['auth', 'client', 'cluster', 'hello', 'info', 'readonly', 'select'])

/** Whether ioredis itself sends a command, while it connects. */
function isHandshake({ status }: IoredisClient, { name }: IoredisCommand): boolean {
  return status === 'connect' && HANDSHAKE.has(name.toLowerCase())
}

function isPipeline(made: unknown): made is IoredisPipeline {
  return Array.isArray((made as { _queue?: unknown } | undefined)?._queue)
}
