import type { Method } from '../driver/callbacks.ts'

/** What the tracing needs of a client of node-redis. */
export interface RedisClient {
  connect: Method
  sendCommand: Method
  _executeMulti: Method
  _executePipeline: Method
  _executeScript: Method
  reset?: Method
  readonly isOpen?: unknown
  readonly options?: {
    readonly socket?: { readonly host?: unknown; readonly port?: unknown; readonly path?: unknown }
    readonly database?: unknown
  }
}

/** What the tracing needs of a pool of node-redis. */
export interface RedisPool {
  connect: Method
  execute: Method
}

/** What the tracing needs of a cluster of node-redis. */
export interface RedisCluster {
  _execute: Method
  /** From node-redis 6.2 on. */
  _executeWithPolicies?: Method
  /** Its nodes, which it connects when they are needed. */
  readonly _slots: Readonly<Partial<Record<(typeof SLOT_METHODS)[number], Method>>>
}

/** The methods that connect a node of a cluster. */
export const SLOT_METHODS = [
  'connect',
  'nodeClient',
  'rediscover',
  'getPubSubClient',
  'getShardedPubSubClient',
] as const

/** What the tracing needs of a client that a Sentinel lends. */
export interface RedisLease {
  _execute: Method
}

/** What the tracing needs of a Sentinel of node-redis. */
export interface RedisSentinel extends RedisLease {
  connect: Method
  use: Method
  acquire: Method
}

/** The instance below the views that node-redis hands out: a method put on it shows in all of them. */
export function coreOf(target: unknown): unknown {
  return (target as { _self?: unknown } | null | undefined)?._self ?? target
}

/** Whether something is a client of node-redis, on one connection. */
export function isClient(target: unknown): target is RedisClient {
  const { sendCommand, _executeMulti, _executeScript } = (target ?? {}) as Partial<RedisClient>
  // A Sentinel has sendCommand() too, with other arguments.
  return [sendCommand, _executeMulti, _executeScript].every((each) => typeof each === 'function')
}

/** Whether something is a pool of node-redis. */
export function isPool(target: unknown): target is RedisPool {
  return typeof (target as Partial<RedisPool> | null | undefined)?.execute === 'function'
}

/** Whether something is a cluster of node-redis. */
export function isCluster(target: unknown): target is RedisCluster {
  const { _execute, _slots } = (target ?? {}) as Partial<RedisCluster>
  return typeof _execute === 'function' && typeof _slots?.nodeClient === 'function'
}

/** Whether something is a Sentinel of node-redis. */
export function isSentinel(target: unknown): target is RedisSentinel {
  const { _execute, use, acquire } = (target ?? {}) as Partial<RedisSentinel>
  return [_execute, use, acquire].every((each) => typeof each === 'function')
}
