import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { createMetricRecorder } from '../metric-recorder.ts'
import { needed } from '../needed.ts'
import type { DatabasePromise } from './stage.ts'

/** What never reaches a server, or is refused together with others. */
export const failingPromises: readonly DatabasePromise[] = [
  {
    name: 'makes a failed CLIENT span of what never reaches a server, and measures it',
    check: async ({ connectNowhere, recorder }) => {
      const driver = await connectNowhere()
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
      const driver = await connect()
      const failWithin = needed(driver.failWithin, 'call that sends several statements as one')
      await failWithin.call(driver, 'x').catch(() => {})
      const [span, ...others] = await recorder.waitFor(1)
      assert.deepEqual(others, [])
      const code = database.failWithin ?? database.fail().attributes['db.response.status_code']
      assert.equal(span?.status.code, SpanStatusCode.ERROR)
      assert.equal(span.attributes['db.response.status_code'], code)
      assert.equal(span.attributes['error.type'], code)
    },
  },
]

/** What belongs to no request. */
export const outsidePromises: readonly DatabasePromise[] = [
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
      let within: unknown
      const disturb = needed(driver.disturb, 'word of an idle connection')
      await disturb.call(driver, () => {
        within = { span: trace.getActiveSpan(), own: storage.getStore() }
      })
      assert.deepEqual(within, { span: undefined, own: undefined })
      await recorder.settled()
    },
  },
]
