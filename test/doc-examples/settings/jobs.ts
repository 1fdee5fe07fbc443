import type { Settings } from '../setting.ts'

const CARRIED = `import { deepStrictEqual } from 'node:assert'
import { MessageChannel } from 'node:worker_threads'
import { type CarriedContext, carryContext, runCarried, runWithIdentity, tenant } from '@callchain/core'
const { port1: worker, port2: parentPort } = new MessageChannel()
let resolve = () => {}
const ran = new Promise<void>((done) => {
  resolve = done
})
const run = (_: string) => {
  deepStrictEqual(tenant.get(), 'acme')
  resolve()
}
`

/** The examples of @callchain/core for jobs, threads and messages. */
export const jobs: Settings = {
  'core/carryContext': {
    before: `${CARRIED}
runWithIdentity({ 'tenant.id': 'acme' }, () => {`,
    after: `})
await ran
parentPort.close()`,
  },
  'core/runCarried': {
    before: CARRIED,
    after: `runWithIdentity({ 'tenant.id': 'acme' }, () => {
  worker.postMessage({ task: 'resize', carried: carryContext() })
})
await ran
parentPort.close()`,
  },
  'core/jobEnv': {
    before: `import { deepStrictEqual } from 'node:assert'
import { jobEnv, traceJob } from '@callchain/core'
import { expectSpans } from '../../test/doc-examples/harness.ts'
let given: Record<string, string> = {}
const spawn = (_: string, __: readonly string[], { env }: { env: Record<string, string> }) => {
  given = env
}
const importAll = () => {}
await traceJob('parent', async () => {`,
    after: `})
deepStrictEqual(given.TRACEPARENT?.length, 55)
await expectSpans('parent', 'import')`,
  },
  'core/traceJob': {
    before: `import { deepStrictEqual } from 'node:assert'
import { tenant, traceJob } from '@callchain/core'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const cron = { schedule: (_: string, job: () => unknown) => job() }
const seen: unknown[] = []
const sendInvoices = () => seen.push(tenant.get())
const migrate = async () => {}`,
    after: `deepStrictEqual(seen, ['acme'])
await expectSpans('migrate', 'nightly-invoices')`,
  },
  'core/createMessageTracer': {
    before: `import { createMessageTracer, runIn } from '@callchain/core'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const packet: { properties: Record<string, string> } = { properties: {} }
const handle = async (_: typeof packet) => {}`,
    after: "await expectSpans('process orders')",
  },
}
