import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { carryContext, currentTrace, jobEnv, tenant, traceJob } from '../../src/index.ts'
import { record } from '../recorder.ts'

const root = join(__dirname, '../../../..')
const file = join(__dirname, '../fixtures/carried.mjs')
const identity = { 'tenant.id': 'acme' }
// What the process was itself started with, long ago.
const stale = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>
beforeAll(async () => {
  // A process of its own runs what is built.
  const args = ['scripts/set-up.cjs', '--build', '--no-install']
  await promisify(execFile)(process.execPath, args, { cwd: root })
}, 300_000)
beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

describe('a job in another process or thread', () => {
  it('is in the trace of who started it, and so is what it starts itself', async () => {
    const [found, traceId] = await traceJob('import', { identity }, async () => {
      const env = jobEnv({ ...process.env, TRACEPARENT: stale })
      const child = fork(file, { env, execArgv: [] })
      const [message] = await once(child, 'message')
      return [message, currentTrace()?.traceId]
    })
    const carried = { trace: traceId, tenant: 'acme' }
    expect(found).toMatchObject({ job: carried, below: { job: carried } })
    expect(found.believed).toMatchObject({ trace: traceId })
    expect(found.believed.tenant).toBeUndefined()
    const alone = [found.stale.trace, found.below.stale.trace]
    expect(new Set([...alone, traceId, stale.slice(3, 35)]).size).toBe(4)
  })

  it('carries nothing of what the process was started with, where nothing is active', async () => {
    const env = jobEnv({ ...process.env, TRACEPARENT: stale, BAGGAGE: 'tenant.id=old' })
    const child = fork(file, { env, execArgv: [] })
    const [found] = await once(child, 'message')
    expect(found.job.trace).not.toBe(stale.slice(3, 35))
    expect(found.job.tenant).toBeUndefined()
  })

  it('is in the trace of who posted it to a thread', async () => {
    const [found, traceId, spanId] = await traceJob('resize', { identity }, async () => {
      const workerData = { carried: carryContext() }
      const worker = new Worker(file, { workerData })
      const [message] = await once(worker, 'message')
      await worker.terminate()
      return [message, currentTrace()?.traceId, currentTrace()?.spanId]
    })
    expect(found.plain).toEqual({ trace: traceId, span: spanId, tenant: 'acme' })
    expect(found.job).toMatchObject({ trace: traceId, tenant: 'acme' })
    expect(found.job.span).not.toBe(spanId)
    expect(found.stale.trace).not.toBe(traceId)
  })

  it('begins a trace at each tick of a timer, with a link to who has set it', async () => {
    const ticks: unknown[] = []
    await new Promise<void>((resolve) =>
      traceJob('start', { identity }, () => {
        const timer = setInterval(() => {
          ticks.push(traceJob('sweep', () => [currentTrace()?.traceId, tenant.get()]))
          if (ticks.length < 2) return
          clearInterval(timer)
          resolve()
        }, 1)
      }),
    )
    const [start, ...sweeps] = exporter.getFinishedSpans()
    expect(sweeps.map((span) => [span.name, span.parentSpanContext])).toEqual([
      ['sweep', undefined],
      ['sweep', undefined],
    ])
    for (const { links } of sweeps)
      expect(links.map(({ context }) => context.spanId)).toEqual([start?.spanContext().spanId])
    expect(ticks).toEqual(sweeps.map((span) => [span.spanContext().traceId, undefined]))
    expect(new Set(sweeps.map((span) => span.spanContext().traceId)).size).toBe(2)
  })
})
