import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { assertSpan } from '../assert-span.ts'
import { listen } from '../listen.ts'
import { createMetricRecorder } from '../metric-recorder.ts'
import { createSignal } from '../signal.ts'
import type { ClientPromise } from './client-promise.ts'

/** Promises about how a call ends. */
export const outcomes: readonly ClientPromise[] = [
  {
    name: 'is an error when the answer is a 404 or a 500, which the application gets all the same',
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
    name: 'is an error when the connection is refused, and the application learns of it',
    check: async ({ client, clientSpan }) => {
      const send = await client()
      const { port, close } = await listen(createServer())
      await close()
      await assert.rejects(send({ url: `http://127.0.0.1:${port}/` }))
      const span = await clientSpan()
      assertSpan(span, {
        name: 'GET',
        status: 'error',
        events: ['exception'],
        attributes: { 'http.response.status_code': undefined, 'server.port': port },
      })
      assert.equal(span.attributes['error.type'], 'ECONNREFUSED')
    },
  },
  {
    name: 'is an error when the server breaks off before the headers',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((req) => req.socket.destroy())
      await assert.rejects(send({ url: origin, method: 'POST', body: 'x' }))
      const span = await clientSpan()
      assertSpan(span, {
        status: 'error',
        attributes: { 'http.response.status_code': undefined },
      })
      assert.ok(span.attributes['error.type'])
    },
  },
  {
    name: 'leaves no span open when the server breaks off in the middle of the body',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((req, res) => {
        res.writeHead(200, { 'content-length': '100' })
        res.write('first part', () => req.socket.destroy())
      })
      await assert.rejects(async () => {
        await (await send({ url: origin })).text()
      })
      assertSpan(await clientSpan(), { attributes: { 'http.response.status_code': 200 } })
    },
  },
  {
    name: 'is no error when the caller calls it off',
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
        events: [],
        attributes: { 'http.response.status_code': undefined, 'error.type': undefined },
      })
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
    name: 'leaves no span open when the body is not read',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((_req, res) => {
        res.write('first part')
      })
      const answer = await send({ url: origin })
      assert.equal(answer.status, 200)
      await answer.cancel()
      assertSpan(await clientSpan(), {
        status: 'unset',
        attributes: { 'http.response.status_code': 200 },
      })
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
