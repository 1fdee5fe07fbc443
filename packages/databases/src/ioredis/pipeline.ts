import { AsyncResource } from 'node:async_hooks'
import type { DatabaseCall } from '@callchain/core'
import type { Method } from '../driver/callbacks.ts'
import { overrideMethod } from '../driver/traced.ts'
import { failureIn } from '../redis/answer.ts'
import type { RedisTracer } from '../redis/redis-tracer.ts'
import { serverOf } from './server.ts'
import type { IoredisClient, IoredisCommand, IoredisPipeline } from './types.ts'

/** Ends the spans of a pipeline's commands: with its results, or with the error in place of them. */
type Finish = (error: unknown, results: unknown) => void

/** Makes one span of a pipeline or a transaction, or one for each command of an automatic pipeline. */
export function tracePipeline(
  pipeline: IoredisPipeline,
  client: IoredisClient,
  tracer: RedisTracer,
): void {
  const automatic: DatabaseCall[] = []
  const { sendCommand } = pipeline
  overrideMethod(pipeline, 'sendCommand', (...args: unknown[]): unknown => {
    // Each command may come from another request.
    if (isAutomatic(pipeline, client)) {
      automatic.push(tracer.send(args[0] as IoredisCommand, serverOf(client)))
    }
    return sendCommand.apply(pipeline, args)
  })
  traceExec(pipeline, () =>
    automatic.length > 0 ? endEach(automatic, tracer) : startBatch(pipeline, client, tracer),
  )
}

function isAutomatic(pipeline: IoredisPipeline, { _autoPipelines }: IoredisClient): boolean {
  for (const each of _autoPipelines?.values() ?? []) if (each === pipeline) return true
  return false
}

function endEach(calls: readonly DatabaseCall[], tracer: RedisTracer): Finish {
  return (error, results) => {
    for (const [index, call] of calls.entries()) tracer.end(call, error ?? errorAt(results, index))
  }
}

function startBatch(
  pipeline: IoredisPipeline,
  client: IoredisClient,
  tracer: RedisTracer,
): Finish | undefined {
  if (!tracer.isActive()) return undefined
  const isTransaction = pipeline._queue[0]?.name === 'multi'
  const commands = pipeline._queue.filter(({ name }) => name !== 'multi' && name !== 'exec')
  const kind = isTransaction ? 'MULTI' : 'PIPELINE'
  const call = tracer.sendBatch(kind, commands, serverOf(client))
  const names = pipeline._queue.map(({ name }) => name)
  return (error, results) => tracer.end(call, error ?? firstError(results, names))
}

// A cluster that is redirected executes the same pipeline again.
function traceExec(pipeline: IoredisPipeline, start: () => Finish | undefined): void {
  const { exec } = pipeline
  // Of a transaction, the outermost is the pipeline itself.
  const own = pipeline._transactions ?? 0
  let isRunning = false
  overrideMethod(pipeline, 'exec', (...args: unknown[]): unknown => {
    // The end of a transaction inside a pipeline is one of its commands.
    if ((pipeline._transactions ?? 0) > own) return exec.apply(pipeline, args)
    const finish = isRunning ? undefined : start()
    isRunning = true
    if (finish === undefined) return exec.apply(pipeline, args)
    const [callback] = args
    if (typeof callback === 'function')
      return exec.call(pipeline, ending(finish, callback as Method))
    return (exec.call(pipeline) as Promise<unknown>).then(
      (results) => {
        finish(undefined, results)
        return results
      },
      (error: unknown) => {
        finish(error, undefined)
        throw error
      },
    )
  })
}

function ending(finish: Finish, callback: Method): Method {
  return AsyncResource.bind((error: unknown, results: unknown): unknown => {
    finish(error, results)
    return callback(error, results)
  })
}

/** The error in the result of one command, `[error, result]`. */
function errorAt(results: unknown, index: number): unknown {
  const result: unknown = Array.isArray(results) ? results[index] : undefined
  return Array.isArray(result) ? result[0] : undefined
}

function firstError(results: unknown, names: readonly string[]): unknown {
  // A transaction that was not carried out.
  if (!Array.isArray(results)) return failureIn(results)
  return results
    .map((result, index) => {
      const error = errorAt(results, index)
      // The results of a transaction in a pipeline are in the result of its `exec`.
      return error || names[index] !== 'exec' ? error : failureIn(result?.[1])
    })
    .find(Boolean)
}
