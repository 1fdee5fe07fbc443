import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { createMetricRecorder, type MetricRecorder } from '../metric-recorder.ts'
import { createSignal } from '../signal.ts'
import { callerTraceparent } from './caller.ts'
import type { ServerPromise } from './server-promise.ts'
import type { ServerStage } from './stage.ts'

const DURATION = 'http.server.request.duration'
const ACTIVE = 'http.server.active_requests'

const SHARED = [
  'error.type',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'network.protocol.version',
  'url.scheme',
]

function shared({ attributes }: Pick<ReadableSpan, 'attributes'>): Record<string, unknown> {
  return Object.fromEntries(
    SHARED.filter((name) => attributes[name] !== undefined).map((name) => [name, attributes[name]]),
  )
}

function measuring(
  name: string,
  check: (stage: ServerStage, metrics: MetricRecorder) => Promise<void>,
): ServerPromise {
  return {
    name,
    check: async (stage) => {
      const metrics = createMetricRecorder()
      try {
        await check(stage, metrics)
      } finally {
        await metrics.shutdown()
      }
    },
  }
}

/** Promises about what is measured. */
export const measures: readonly ServerPromise[] = [
  measuring('measures a duration with the values of the span', async (stage, metrics) => {
    let handled = 0
    const app = await stage.serve({
      handler: async (request) => {
        const from = performance.now()
        await wait(5)
        handled = performance.now() - from
        request.reply(200, {})
      },
    })
    const from = performance.now()
    await app.get('/orgs/acme/items/7')
    const span = await stage.serverSpan()
    const elapsed = performance.now() - from
    const [point, ...others] = await metrics.points(DURATION)
    assert.ok(point)
    assert.deepEqual(others, [])
    assert.deepEqual(point.attributes, shared(span))
    assert.equal(point.attributes['http.route'], '/orgs/:org/items/:id')
    assert.equal(point.count, 1)
    const millis = point.sum * 1000
    assert.ok(handled <= millis && millis <= elapsed, `${handled} <= ${millis} <= ${elapsed} ms`)
    assert.equal(point.boundaries[0], 0.005)
  }),
  measuring('measures a failure with the error type of the span', async (stage, metrics) => {
    const app = await stage.serve({ handler: () => Promise.reject(new RangeError('broken')) })
    await app.get('/items/7')
    const span = await stage.serverSpan()
    const [point] = await metrics.points(DURATION)
    assert.deepEqual(point?.attributes, shared(span))
    assert.equal(point?.attributes['error.type'], 'RangeError')
  }),
  measuring('measures what is not sampled', async (stage, metrics) => {
    const app = await stage.serve()
    const headers = { traceparent: callerTraceparent('00'), connection: 'close' }
    const connection = await app.connect()
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    connection.send('GET /items/7 HTTP/1.1', 'host: a', ...lines, '', '')
    await connection.ended()
    const [point] = await metrics.points(DURATION)
    assert.equal(point?.attributes['http.route'], '/items/:id')
    assert.deepEqual(stage.recorder.spans(), [])
  }),
  measuring('leaves out the duration of a request when told to', async (stage, metrics) => {
    const app = await stage.serve({ tracing: { recordDuration: () => false } })
    await app.get('/items/7')
    await stage.serverSpan()
    assert.deepEqual(await metrics.points(DURATION), [])
  }),
  measuring(
    'counts the requests in progress, also when a client leaves',
    async (stage, metrics) => {
      const entered = createSignal()
      const app = await stage.serve({
        handler: () => {
          entered.resolve()
          return new Promise(() => {})
        },
      })
      const connection = await app.connect()
      connection.send('GET /items/7 HTTP/1.1', 'host: a', '', '')
      await entered.promise
      const sum = async (): Promise<number> =>
        (await metrics.points(ACTIVE)).reduce((total, point) => total + point.sum, 0)
      assert.equal(await sum(), 1)
      connection.socket.destroy()
      await stage.serverSpan()
      assert.equal(await sum(), 0)
      const [point] = await metrics.points(DURATION)
      assert.equal(point?.attributes['http.response.status_code'], undefined)
      assert.equal(point?.attributes['error.type'], 'client_abort')
    },
  ),
]
