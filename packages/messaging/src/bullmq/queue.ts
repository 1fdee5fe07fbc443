import type { MessageTracer, SendCall } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { endWith } from '../delivery/settle.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { type SentJob, sentJob } from './metadata.ts'
import { serverOf } from './server.ts'
import type { BullJob, BullJobSpec, BullQueue } from './types.ts'

/** Traces what a queue adds. */
export function traceQueue(queue: BullQueue, tracer: MessageTracer): void {
  traceAdd(queue, tracer)
  traceAddBulk(queue, tracer)
  traceScheduler(queue, tracer)
}

function traceAdd(queue: BullQueue, tracer: MessageTracer): void {
  const add = queue.add
  overrideMethod(queue, 'add', (...[name, data, opts]: Parameters<BullQueue['add']>) => {
    if (!isOurs(queue, tracer)) return add.call(queue, name, data, opts)
    const job = sentJob(opts)
    const call = open(queue, tracer, 'add', [job], opts?.jobId)
    return sent(call, () => add.call(queue, name, data, job.options()))
  })
}

function traceAddBulk(queue: BullQueue, tracer: MessageTracer): void {
  const addBulk = queue.addBulk
  overrideMethod(queue, 'addBulk', (jobs: readonly BullJobSpec[]) => {
    if (!isOurs(queue, tracer)) return addBulk.call(queue, jobs)
    const all = jobs.map((each) => sentJob(each.opts))
    const call = open(queue, tracer, 'addBulk', all)
    return sent(call, () =>
      addBulk.call(
        queue,
        jobs.map((each, at) => withOptions(each, all[at])),
      ),
    )
  })
}

// The jobs of a scheduler are made from this template for as long as it is there.
function traceScheduler(queue: BullQueue, tracer: MessageTracer): void {
  const upsert = queue.upsertJobScheduler
  if (upsert === undefined) return
  type Given = Parameters<typeof upsert>
  overrideMethod(queue, 'upsertJobScheduler', (...[id, repeat, template]: Given) => {
    if (!isOurs(queue, tracer)) return upsert.call(queue, id, repeat, template)
    const job = sentJob(template?.opts)
    const call = open(queue, tracer, 'upsertJobScheduler', [job])
    return sent(call, () => {
      const opts = job.options()
      return upsert.call(queue, id, repeat, opts === undefined ? template : { ...template, opts })
    })
  })
}

/** The same job, with the options that carry the trace. */
export function withOptions<Spec extends BullJobSpec>(spec: Spec, job: SentJob | undefined): Spec {
  const opts = job?.options()
  return opts === undefined ? spec : { ...spec, opts }
}

// BullMQ's own telemetry writes over whatever stands in a job: then its spans are the ones.
function isOurs(queue: BullQueue, tracer: MessageTracer): boolean {
  return queue.opts?.telemetry === undefined && tracer.isActive()
}

function open(
  queue: BullQueue,
  tracer: MessageTracer,
  operation: string,
  jobs: readonly SentJob[],
  messageId?: string,
): SendCall {
  return tracer.send({
    system: 'bullmq',
    operation,
    destination: queue.name,
    ...serverOf(queue),
    messages: jobs.map(({ message }) => message),
    batch: operation === 'addBulk',
    messageId,
  })
}

/** Runs what adds jobs in the span's context, and ends the span with it. */
export function sent<T>(call: SendCall, run: () => Promise<T>): Promise<T> {
  let id: string | undefined
  return endWith(
    () =>
      context.with(call.context, run).then((result) => {
        id = idOf(result)
        return result
      }),
    (outcome) => call.confirm({ ...outcome, messageId: id }),
  )
}

function idOf(result: unknown): string | undefined {
  const { id } = (result ?? {}) as Partial<BullJob>
  return typeof id === 'string' ? id : undefined
}
