import {
  type MessageDelivery,
  type MessageTracer,
  type ReceivedMessage,
  runIn,
} from '@callchain/core'
import { rememberMessage } from '../delivery/known-messages.ts'
import { endWith } from '../delivery/settle.ts'
import { recordOf, textOf } from '../wrapping/text.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { type CarriedData, takeHeaders } from './job-data.ts'
import { serverOf } from './server.ts'
import type { PgBossInstance, PgBossJob } from './types.ts'

type Handler = (jobs: PgBossJob[], ...rest: unknown[]) => unknown

/** A job, and what it carries. */
interface CarriedJob {
  readonly job: PgBossJob
  readonly carried: CarriedData
}

/** Traces what a PgBoss hands to its handlers, and what is fetched of it. */
export function traceHandling(boss: PgBossInstance, tracer: MessageTracer, member: string): void {
  const { work, fetch } = boss
  overrideMethod(boss, 'work', (name: string, ...rest: unknown[]) => {
    const handler = rest.at(-1)
    if (typeof handler !== 'function') return work.call(boss, name, ...rest)
    const isBatch = rest.length > 1 && Number(recordOf(rest[0]).batchSize ?? 1) > 1
    const server = serverOf(boss)
    const traced: Handler = (jobs, ...others) => {
      const all = takeAll(jobs, member)
      if (isBatch) rememberAll(all, name, tracer, server)
      const call = tracer.receive({ ...deliveryOf(all, name, isBatch), ...server })
      return endWith(
        () => runIn(call, () => (handler as Handler).call(undefined, jobs, ...others)),
        (outcome) => call.settle(outcome),
      )
    }
    return work.call(boss, name, ...rest.slice(0, -1), traced)
  })
  overrideMethod(boss, 'fetch', async (name: string, ...rest: unknown[]) => {
    const jobs = await fetch.call(boss, name, ...rest)
    rememberAll(takeAll(jobs, member), name, tracer, serverOf(boss))
    return jobs
  })
}

function takeAll(jobs: unknown, member: string): CarriedJob[] {
  if (!Array.isArray(jobs)) return []
  return jobs
    .filter((job): job is PgBossJob => typeof job === 'object' && job !== null)
    .map((job) => ({ job, carried: takeHeaders(job, member) }))
}

function rememberAll(
  jobs: readonly CarriedJob[],
  name: string,
  tracer: MessageTracer,
  server: ReturnType<typeof serverOf>,
): void {
  for (const each of jobs) {
    const delivery = { ...deliveryOf([each], name, false), ...server, pulled: true }
    rememberMessage(each.job, () => ({ tracer, delivery }))
  }
}

function deliveryOf(jobs: readonly CarriedJob[], name: string, batch: boolean): MessageDelivery {
  return {
    system: 'pg-boss',
    operation: 'process',
    destination: name,
    batch,
    repeated: !batch && jobs.some(({ carried }) => carried.isRepeated),
    messages: jobs.map(receivedMessage),
  }
}

function receivedMessage({ job, carried: { headers } }: CarriedJob): ReceivedMessage {
  const { id, retryCount, createdOn = job.created_on } = job
  return {
    header: (name) => textOf(headers[name]),
    headerNames: () => Object.keys(headers),
    id,
    attempt: typeof retryCount === 'number' ? retryCount + 1 : undefined,
    sentAt: createdOn instanceof Date ? createdOn.getTime() : undefined,
    raw: job,
  }
}
