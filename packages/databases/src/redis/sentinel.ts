import type { Method } from '../driver/callbacks.ts'
import { callInRootContext } from '../driver/root-context.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import { traceClient } from './client.ts'
import { runOperation } from './operation.ts'
import type { RedisTracer } from './redis-tracer.ts'
import { coreOf, isClient, type RedisLease, type RedisSentinel } from './types.ts'

/** Traces the commands of a Sentinel, and of the clients that it lends. */
export function traceSentinel(sentinel: RedisSentinel, tracer: RedisTracer): void {
  if (isTraced(sentinel)) return
  traceLease(sentinel, tracer)
  callInRootContext(sentinel, 'connect')
  const { use, acquire } = sentinel
  const traced = (lease: unknown): unknown => {
    traceLease(coreOf(lease) as RedisLease, tracer)
    return lease
  }
  overrideMethod(sentinel, 'use', function (this: unknown, task: Method): unknown {
    return use.call(this, (lease: unknown) => task(traced(lease)))
  })
  overrideMethod(sentinel, 'acquire', async function (this: unknown): Promise<unknown> {
    return traced(await acquire.call(this))
  })
}

function traceLease(lease: RedisLease, tracer: RedisTracer): void {
  markTraced(lease)
  const { _execute } = lease
  overrideMethod(lease, '_execute', function (this: unknown, ...args: unknown[]): unknown {
    const at = args.findIndex((arg) => typeof arg === 'function')
    if (at === -1) return _execute.apply(this, args)
    const send = args[at] as Method
    return runOperation(tracer, undefined, (within) => {
      const traced: Method = (client) => {
        const core = coreOf(client)
        if (isClient(core)) traceClient(core, tracer)
        return within(() => send(client))
      }
      return _execute.apply(this, args.with(at, traced))
    })
  })
}
