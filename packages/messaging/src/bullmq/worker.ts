import { type MessageDelivery, type MessageTracer, runIn } from '@callchain/core'
import { endWith, type ReadError, readError } from '../delivery/settle.ts'
import { textOf } from '../wrapping/text.ts'
import { isTraced, overrideMethod } from '../wrapping/traced.ts'
import { readMetadata } from './metadata.ts'
import { serverOf } from './server.ts'
import type { BullJob, BullWorker } from './types.ts'

// What a processor throws to say what is to become of the job, not that it has failed.
const MOVES = new Set(['DelayedError', 'RateLimitError', 'WaitingChildrenError', 'WaitingError'])

/** Traces what a worker processes. */
export function traceWorker(worker: BullWorker, tracer: MessageTracer): void {
  // The file of a sandboxed processor traces its jobs itself.
  if (worker.childPool !== undefined) return
  // What `bullTelemetry` made traces its jobs as well.
  if (isTraced(worker.opts?.telemetry)) return
  const { processFn } = worker
  const server = serverOf(worker)
  overrideMethod(worker, 'processFn', (job: BullJob, ...rest: unknown[]) =>
    processJob(tracer, { ...deliveryOf(job), destination: worker.name, ...server }, () =>
      processFn.call(worker, job, ...rest),
    ),
  )
}

/** Runs a processor in the span of its job. */
export function processJob<T>(
  tracer: MessageTracer,
  delivery: MessageDelivery,
  process: () => T,
): T {
  const call = tracer.receive(delivery)
  return endWith(
    () => runIn(call, process),
    (outcome) => call.settle(outcome),
    readOutcome,
  )
}

const readOutcome: ReadError = (error) =>
  error instanceof Error && MOVES.has(error.name) ? {} : readError(error)

/** What is to be known of a job. */
export function deliveryOf(job: BullJob): MessageDelivery {
  const headers = readMetadata(job.opts)
  const { id, timestamp, attemptsMade } = job
  return {
    system: 'bullmq',
    operation: 'process',
    destination: job.queueName,
    repeated: isRepeated(job),
    messages: [
      {
        header: (name) => textOf(headers[name]),
        headerNames: () => Object.keys(headers),
        id,
        attempt: attemptsMade === undefined ? undefined : attemptsMade + 1,
        sentAt: timestamp,
        raw: job,
      },
    ],
  }
}

// A job of a scheduler, or one that puts itself off: that counts as started again, not as attempted.
function isRepeated(job: BullJob): boolean {
  const { attemptsStarted = 1, attemptsMade = 0, stalledCounter = 0, repeatJobKey, opts } = job
  if (repeatJobKey !== undefined && repeatJobKey !== null) return true
  if (opts?.repeat !== undefined && opts.repeat !== null) return true
  return attemptsStarted - attemptsMade - stalledCounter > 1
}
