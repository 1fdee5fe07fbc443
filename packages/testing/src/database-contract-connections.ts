import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { assertChain } from './chain/assert-chain.ts'
import { chain } from './chain/chain.ts'
import type { ContractPromise } from './contract.ts'
import type { DatabaseStage } from './database-contract-stage.ts'
import { createMetricRecorder } from './metric-recorder.ts'

/** What every wrapper of a database driver promises about connections, and about what belongs to no request. */
export const connectionPromises: Readonly<
  Record<string, readonly ContractPromise<DatabaseStage>[]>
> = {
  'tells failures': [
    {
      name: 'makes a failed CLIENT span of what never reaches a server, and measures it',
      check: async ({ connectNowhere, recorder }) => {
        const driver = await connectNowhere()
        if (driver === undefined) return
        const metrics = createMetricRecorder()
        try {
          await assert.rejects(driver.read('a'))
          const clients = recorder.spans().filter(({ kind }) => kind === SpanKind.CLIENT)
          assert.deepEqual(
            clients.map(({ status }) => status.code),
            [SpanStatusCode.ERROR],
          )
          const [span] = clients
          assert.equal(typeof span?.attributes['error.type'], 'string')
          const points = await metrics.points('db.client.operation.duration')
          assert.deepEqual(
            points.map(({ attributes, count }) => [attributes['error.type'], count]),
            [[span?.attributes['error.type'], 1]],
          )
        } finally {
          await metrics.shutdown()
        }
      },
    },
    {
      name: 'reports a failure if one of several statements sent together was refused, whatever the answer is',
      check: async ({ connect, recorder, database }) => {
        const { failWithin } = await connect()
        if (failWithin === undefined) return
        await failWithin('x').catch(() => {})
        const [span, ...others] = await recorder.waitFor(1)
        assert.deepEqual(others, [])
        const code = database.failWithin ?? database.fail().attributes['db.response.status_code']
        assert.equal(span?.status.code, SpanStatusCode.ERROR)
        assert.equal(span.attributes['db.response.status_code'], code)
        assert.equal(span.attributes['error.type'], code)
      },
    },
  ],
  'knows what is in no request': [
    {
      name: 'leaves out statements outside a trace when told to, and nothing else',
      check: async ({ connect, recorder }) => {
        const driver = await connect({ trace: 1, requireParent: true })
        const metrics = createMetricRecorder()
        try {
          await driver.read('a')
          await assert.rejects(driver.fail('x'))
          assert.deepEqual(recorder.spans(), [])
          await trace.getTracer('contract').startActiveSpan('request', async (request) => {
            await driver.read('a')
            request.end()
          })
          const spans = await recorder.waitFor(2)
          assert.equal(spans.filter(({ kind }) => kind === SpanKind.CLIENT).length, 1)
          const points = await metrics.points('db.client.operation.duration')
          assert.equal(
            points.reduce((sum, { count }) => sum + count, 0),
            1,
          )
        } finally {
          await metrics.shutdown()
        }
      },
    },
    {
      name: 'runs what an idle connection says in no request, though one traced and opened it',
      check: async ({ connect, recorder }) => {
        const storage = new AsyncLocalStorage<string>()
        const driver = await storage.run('opener', () =>
          trace.getTracer('contract').startActiveSpan('opener', async (request) => {
            const connected = await connect()
            await connected.read('a')
            request.end()
            return connected
          }),
        )
        if (driver.disturb === undefined) return
        let within: unknown
        await driver.disturb(() => {
          within = { span: trace.getActiveSpan(), own: storage.getStore() }
        })
        assert.deepEqual(within, { span: undefined, own: undefined })
        await recorder.settled()
      },
    },
  ],
  'can be guarded': [
    {
      name: 'lets a test find a statement that is run for each row',
      check: async ({ connect, recorder }) => {
        const driver = await connect()
        const once = await chain(() => driver.read('a'), { recorder })
        assertChain(once, { statements: 1, repeatedStatements: false })
        const request = async (): Promise<void> => {
          for (const key of ['a', 'b', 'c']) await driver.read(key)
        }
        const rows = await chain(request, { recorder })
        assertChain(rows, { statements: 3, repeatedStatements: true })
      },
    },
  ],
}
