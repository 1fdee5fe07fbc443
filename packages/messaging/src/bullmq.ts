import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { traceFlow } from './bullmq/flow.ts'
import { traceQueue } from './bullmq/queue.ts'
import type { BullFlowProducer, BullJob, BullQueue, BullWorker } from './bullmq/types.ts'
import { deliveryOf, processJob, traceWorker } from './bullmq/worker.ts'
import { hasMethods, markTraced } from './wrapping/traced.ts'

export { bullTelemetry } from './bullmq/telemetry.ts'
export type { BullSpan, BullTelemetry } from './bullmq/telemetry-types.ts'

/** Options of `traceBull()`. */
export type TraceBullOptions = MessageOptions

/**
 * Traces a Queue, a Worker or a FlowProducer of BullMQ and returns it: each `add` has a PRODUCER span,
 * each attempt of a job a CONSUMER span, with the trace and the identity of who added it. A job of a
 * scheduler, and one that puts itself off, begins a trace of its own each time. Trace a worker right
 * where it is made, before it gets its first job. Tracing twice changes nothing. Throws a TypeError for
 * anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * const queue = traceBull(new Queue('mail', { connection }))
 * const worker = traceBull(new Worker('mail', async (job) => send(job.data), { connection }))
 * ```
 */
export function traceBull<T extends object>(target: T, options: TraceBullOptions = {}): T {
  const tracer = createMessageTracer(options)
  if (hasMethods(target, 'add', 'addBulk')) {
    if (!markTraced(target)) return target
    if ('name' in target) traceQueue(target as unknown as BullQueue, tracer)
    else traceFlow(target as unknown as BullFlowProducer, tracer)
    return target
  }
  if (!('processFn' in target) && !hasMethods(target, 'getNextJob')) {
    throw new TypeError(
      'callchain: traceBull() takes a Queue, a Worker or a FlowProducer of BullMQ',
    )
  }
  // A worker without a processor is asked for its jobs: they go through `traceBullJob`.
  if (markTraced(target) && hasMethods(target, 'processFn')) {
    traceWorker(target as unknown as BullWorker, tracer)
  }
  return target
}

/**
 * Runs `process` in the CONSUMER span of a job that no traced worker processes: in the file of a
 * sandboxed processor, or after `worker.getNextJob()`. Returns what `process` returns, and throws what
 * it throws. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * export default (job) => traceBullJob(job, () => resize(job.data))
 * ```
 */
export function traceBullJob<T>(
  job: object,
  process: () => T,
  options: TraceBullOptions = DEFAULTS,
): T {
  let tracer = tracers.get(options)
  if (tracer === undefined) {
    tracer = createMessageTracer(options)
    tracers.set(options, tracer)
  }
  return processJob(tracer, { ...deliveryOf(job as BullJob), pulled: true }, process)
}

const DEFAULTS: TraceBullOptions = {}
const tracers = new WeakMap<TraceBullOptions, ReturnType<typeof createMessageTracer>>()
