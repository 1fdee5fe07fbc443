import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { checkOptions, NAME } from '@callchain/core/internal'
import { traceHandling } from './pg-boss/handling.ts'
import { traceSending } from './pg-boss/sending.ts'
import type { PgBossInstance } from './pg-boss/types.ts'
import { hasMethods, markTraced } from './wrapping/traced.ts'

export { pgBossTelemetry } from './pg-boss/telemetry.ts'
export type { PgBossTelemetry } from './pg-boss/telemetry-types.ts'

/** Options of `tracePgBoss()`. */
export interface TracePgBossOptions extends MessageOptions {
  /**
   * The member of a job's data that carries trace and identity, because pg-boss has no headers. A traced
   * handler does not see it; another reader of the data does. Default: `'_trace'`.
   */
  member?: string
}

/**
 * Traces a PgBoss and returns it: each call that sends has a PRODUCER span, each attempt of a job a
 * CONSUMER span, with the trace and the identity of who sent it. A handler with `batchSize` has one span
 * with a link to each job, which `traceMessage` handles one by one, as it does what `fetch` gave. A job
 * of a schedule begins a trace of its own. Call it before `work()`. Tracing twice changes nothing. Throws
 * a TypeError for anything else, and for an option that is not allowed.
 *
 * Trace and identity stand in a member of the job's data. Data that is not a plain object is sent as it
 * is, without them. pg-boss 12.38 and later make spans of their own; switch them off with
 * `openTelemetry: { enabled: false }`, or use `pgBossTelemetry()` in place of this.
 *
 * @example
 * ```ts
 * const boss = tracePgBoss(new PgBoss(connectionString))
 * await boss.send('invoices', { order: 7 })
 * await boss.work('invoices', async ([job]) => invoice(job.data))
 * ```
 */
export function tracePgBoss<T extends object>(boss: T, options: TracePgBossOptions = {}): T {
  const { member = '_trace', ...rest } = options
  checkOptions('tracePgBoss()', { member: options.member }, { member: NAME })
  const tracer = createMessageTracer(rest)
  if (!hasMethods(boss, 'send', 'work', 'fetch', 'createQueue')) {
    throw new TypeError('callchain: tracePgBoss() takes a PgBoss of pg-boss 10 or later')
  }
  if (!markTraced(boss)) return boss
  const instance = boss as unknown as PgBossInstance
  traceSending(instance, tracer, member)
  traceHandling(instance, tracer, member)
  return boss
}
