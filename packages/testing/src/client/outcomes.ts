import assert from 'node:assert/strict'
import { assertSpan } from '../assert-span.ts'
import { createMetricRecorder } from '../metric-recorder.ts'
import { createSignal } from '../signal.ts'
import type { ClientPromise } from './client-promise.ts'

/** Promises about how a call ends. */
export const outcomes: readonly ClientPromise[] = [
  {
    name: 'is an error when the answer is a 404 or a 500, and the application still gets the answer',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const { origin } = await target((req, res) => {
        res.statusCode = Number(req.url?.slice(1))
        res.end('no')
      })
      for (const status of [404, 500]) {
        const answer = await send({ url: `${origin}/${status}` })
        assert.deepEqual([answer.status, await answer.text()], [status, 'no'])
      }
      for (const [index, span] of (await clientSpans(2)).entries()) {
        const status = index === 0 ? 404 : 500
        assertSpan(span, {
          status: 'error',
          events: [],
          attributes: { 'http.response.status_code': status, 'error.type': String(status) },
        })
      }
    },
  },
  {
    name: 'is not an error when the caller cancels it, and can be searched for',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const arrived = createSignal()
      const { origin } = await target(() => arrived.resolve())
      const controller = new AbortController()
      const answer = send({ url: origin, signal: controller.signal })
      const rejected = assert.rejects(answer)
      await arrived.promise
      controller.abort()
      await rejected
      assertSpan(await clientSpan(), {
        status: 'unset',
        events: ['callchain.called_off'],
        attributes: {
          'callchain.called_off': true,
          'http.response.status_code': undefined,
          'error.type': undefined,
        },
      })
    },
  },
  {
    name: 'is not an error when the caller cancels it with its own reason',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const reasons = [new Error('enough'), new TypeError('enough'), 'enough', { enough: true }]
      for (const reason of reasons) {
        const arrived = createSignal()
        const { origin } = await target(() => arrived.resolve())
        const controller = new AbortController()
        const answer = send({ url: origin, signal: controller.signal })
        const rejected = answer.then(
          () => 'answered',
          () => 'rejected',
        )
        await arrived.promise
        controller.abort(reason)
        assert.equal(await rejected, 'rejected')
      }
      for (const span of await clientSpans(reasons.length)) {
        assertSpan(span, {
          status: 'unset',
          events: ['callchain.called_off'],
          attributes: { 'error.type': undefined },
        })
      }
    },
  },
  {
    name: 'is an error when it is cancelled because time ran out',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const reasons = [
        Object.assign(new Error('too slow'), { name: 'APIConnectionTimeoutError' }),
        Object.assign(new TypeError('too slow'), { code: 'ETIMEDOUT' }),
      ]
      for (const reason of reasons) {
        const arrived = createSignal()
        const { origin } = await target(() => arrived.resolve())
        const controller = new AbortController()
        const rejected = assert.rejects(send({ url: origin, signal: controller.signal }))
        await arrived.promise
        controller.abort(reason)
        await rejected
      }
      for (const span of await clientSpans(reasons.length)) {
        assertSpan(span, { status: 'error', attributes: { 'callchain.called_off': undefined } })
        assert.ok(span.attributes['error.type'])
      }
    },
  },
  {
    name: 'is the error that its status says, even if the body is cancelled',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((_req, res) => {
        res.writeHead(500, { 'content-length': '1000' })
        res.write('not all of it')
      })
      const answer = await send({ url: origin })
      await answer.cancel()
      assertSpan(await clientSpan(), {
        status: 'error',
        attributes: { 'http.response.status_code': 500, 'error.type': '500' },
      })
    },
  },
  {
    name: 'sends nothing, and makes no span, when it is cancelled before it begins',
    check: async ({ client, recorder, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      const signal = AbortSignal.abort()
      await send({ url: origin, signal }).then(
        () => assert.fail('answered'),
        () => {},
      )
      await recorder.settled()
      assert.deepEqual(arrived, [])
      assert.deepEqual(recorder.spans(), [])
    },
  },
  {
    name: 'is an error when a timeout signal fires',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target(() => {})
      await send({ url: origin, signal: AbortSignal.timeout(50) }).then(
        () => assert.fail('answered'),
        () => {},
      )
      const span = await clientSpan()
      assertSpan(span, { status: 'error', attributes: { 'http.response.status_code': undefined } })
      assert.ok(span.attributes['error.type'])
    },
  },
  {
    name: 'is an error when the client gives up waiting',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target(() => {})
      await assert.rejects(send({ url: origin, timeout: 50 }))
      const span = await clientSpan()
      assertSpan(span, {
        status: 'error',
        attributes: { 'http.response.status_code': undefined },
      })
      assert.ok(span.attributes['error.type'])
    },
  },
  {
    name: 'measures a duration with the values of the span',
    check: async ({ client, clientSpan, target }) => {
      const metrics = createMetricRecorder()
      try {
        const send = await client()
        const { origin, port } = await target((_req, res) => {
          res.statusCode = 404
          res.end('no')
        })
        await (await send({ url: origin })).text()
        await clientSpan()
        const [point, ...others] = await metrics.points('http.client.request.duration')
        assert.deepEqual(others, [])
        assert.equal(point?.count, 1)
        const { 'network.protocol.version': _, ...attributes } = point?.attributes ?? {}
        assert.deepEqual(attributes, {
          'http.request.method': 'GET',
          'http.response.status_code': 404,
          'error.type': '404',
          'server.address': '127.0.0.1',
          'server.port': port,
          'url.scheme': 'http',
        })
      } finally {
        await metrics.shutdown()
      }
    },
  },
]
