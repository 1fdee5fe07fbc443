import type { MessageTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
import { endWith } from '../delivery/settle.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import { type SentData, sentData } from './job-data.ts'
import { serverOf } from './server.ts'
import type { PgBossInstance, PgBossSpec } from './types.ts'

/** What a call that sends is about. */
interface Sending {
  readonly operation: string
  readonly destination: string | undefined
  readonly jobs: readonly SentData[]
  readonly batch?: boolean
}

type Method = (...args: unknown[]) => Promise<unknown>

const SINGLE = ['send', 'sendAfter', 'sendThrottled', 'sendDebounced', 'upsert', 'publish'] as const

/** Traces what a PgBoss sends. `member` is the member of a job's data that carries the trace. */
export function traceSending(boss: PgBossInstance, tracer: MessageTracer, member: string): void {
  const trace = (name: string, read: (args: unknown[]) => [Sending, () => unknown[]]): void => {
    const method = boss[name] as Method | undefined
    if (typeof method !== 'function') return
    overrideMethod(boss, name, (...args: unknown[]) => {
      if (!tracer.isActive()) return method.apply(boss, args)
      const [sending, changed] = read(args)
      return sent(boss, tracer, sending, () => method.apply(boss, changed()))
    })
  }
  for (const name of SINGLE) trace(name, (args) => readSingle(name, args, member))
  for (const name of ['insert', 'flow']) trace(name, (args) => readSeveral(name, args, member))
  trace('schedule', (args) => readSchedule(args, member))
}

function sent(
  boss: PgBossInstance,
  tracer: MessageTracer,
  { operation, destination, jobs, batch }: Sending,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const messages = jobs.map(({ message }) => message)
  const call = tracer.send({
    system: 'pg-boss',
    operation,
    destination,
    ...serverOf(boss),
    messages,
    batch,
  })
  let messageId: string | undefined
  return endWith(
    () =>
      context.with(call.context, run).then((result) => {
        messageId = typeof result === 'string' ? result : undefined
        return result
      }),
    (outcome) => call.confirm({ ...outcome, messageId }),
  )
}

/** `send(name, data, …)`, or `send({ name, data, … })`. */
function readSingle(
  operation: string,
  args: unknown[],
  member: string,
): [Sending, () => unknown[]] {
  const [first, data, ...rest] = args
  if (isSpec(first) && args.length === 1) {
    const job = sentData(first.data, member)
    const sending = { operation, destination: textOrNone(first.name), jobs: [job] }
    return [sending, () => [{ ...first, data: job.data() }]]
  }
  const job = sentData(data, member)
  // What is not data is refused as it was given.
  const isData = typeof data !== 'function'
  const sending = { operation, destination: textOrNone(first), jobs: isData ? [job] : [] }
  return [sending, () => (isData ? [first, job.data(), ...rest] : args)]
}

/** `insert(jobs)` of 10, `insert(name, jobs)` of 11 and later, and `flow(jobs)`. */
function readSeveral(
  operation: string,
  args: unknown[],
  member: string,
): [Sending, () => unknown[]] {
  const at = args.findIndex((each) => Array.isArray(each))
  const specs = (args[at] ?? []) as unknown[]
  const jobs = specs.map((each) => sentData(isSpec(each) ? each.data : undefined, member))
  const names = specs.map((each) => textOrNone(isSpec(each) ? each.name : undefined))
  const destination = at === 1 ? textOrNone(args[0]) : common(names)
  return [
    { operation, destination, jobs, batch: true },
    () =>
      args.map((each, index) =>
        index === at
          ? specs.map((spec, which) =>
              isSpec(spec) ? { ...spec, data: jobs[which]?.data() } : spec,
            )
          : each,
      ),
  ]
}

// The jobs of a schedule are made from its data for as long as it is there.
function readSchedule(args: unknown[], member: string): [Sending, () => unknown[]] {
  const [name, cron, data, ...rest] = args
  const job = sentData(data, member, true)
  const sending = { operation: 'schedule', destination: textOrNone(name), jobs: [job] }
  return [sending, () => [name, cron, job.data(), ...rest]]
}

function isSpec(value: unknown): value is PgBossSpec {
  return typeof value === 'object' && value !== null
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function common(names: readonly (string | undefined)[]): string | undefined {
  const [first, ...others] = new Set(names)
  return others.length === 0 ? first : undefined
}
