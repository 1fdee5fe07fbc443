import { runInRootContext } from '../driver/root-context.ts'
import { isThenable } from '../driver/settle.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import { traceClient } from './client.ts'
import { commandOf, type RedisCommand } from './command-text.ts'
import { runOperation } from './operation.ts'
import type { RedisTracer } from './redis-tracer.ts'
import { coreOf, isClient, type RedisCluster, SLOT_METHODS } from './types.ts'

/** Traces the commands of a cluster, one span each through all redirections, and of its nodes' clients. */
export function traceCluster(cluster: RedisCluster, tracer: RedisTracer): void {
  if (isTraced(cluster)) return
  markTraced(cluster)
  for (const name of ['_executeWithPolicies', '_execute'] as const) {
    const execute = cluster[name]
    if (execute === undefined) continue
    overrideMethod(cluster, name, function (this: unknown, ...args: unknown[]): unknown {
      return runOperation(tracer, commandIn(args[0]), (within) =>
        within(() => execute.apply(this, args)),
      )
    })
  }
  const slots = cluster._slots
  for (const name of SLOT_METHODS) {
    const connect = slots[name]
    if (connect === undefined) continue
    overrideMethod(slots, name, (...args: unknown[]): unknown =>
      withTraced(
        runInRootContext(() => connect.apply(slots, args)),
        tracer,
      ),
    )
  }
}

/** The command that node-redis 6 has parsed; node-redis 5 has only the key. */
function commandIn(parser: unknown): RedisCommand | undefined {
  const { redisArgs } = (parser ?? {}) as { redisArgs?: readonly unknown[] }
  return redisArgs === undefined || redisArgs.length === 0 ? undefined : commandOf(redisArgs)
}

function withTraced(made: unknown, tracer: RedisTracer): unknown {
  if (isThenable(made)) return made.then((client) => withTraced(client, tracer))
  const core = coreOf(made)
  if (isClient(core)) traceClient(core, tracer)
  return made
}
