import assert from 'node:assert/strict'
import { assertSpan } from '../assert-span.ts'
import { closedPort } from '../listen.ts'
import type { ClientPromise } from './client-promise.ts'

/** Promises about connections that fail, that are secure, or that break. */
export const connections: readonly ClientPromise[] = [
  {
    name: 'is an error when the connection is refused, and the application learns of it',
    check: async ({ client, clientSpan }) => {
      const send = await client()
      const port = await closedPort()
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
    name: 'is an error when the host is not found',
    check: async ({ client, clientSpan }) => {
      const send = await client()
      await assert.rejects(send({ url: 'http://missing.example.com/' }))
      assertSpan(await clientSpan(), {
        name: 'GET',
        status: 'error',
        events: ['exception'],
        attributes: {
          'error.type': 'ENOTFOUND',
          'http.response.status_code': undefined,
          'server.address': 'missing.example.com',
          'server.port': 80,
        },
      })
    },
  },
  {
    name: 'traces calls over TLS like all others',
    check: async ({ client, clientSpan, secureTarget }) => {
      const send = await client()
      const { arrived, origin, port } = await secureTarget({ trusted: true })
      const answer = await send({ url: `${origin}/safe` })
      assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
      const span = await clientSpan()
      assertSpan(span, {
        status: 'unset',
        attributes: { 'url.full': `${origin}/safe`, 'server.port': port },
      })
      const [sent, ...others] = arrived[0]?.header('traceparent') ?? []
      assert.deepEqual([sent?.split('-')[2], others], [span.spanContext().spanId, []])
    },
  },
  {
    name: 'is an error when the certificate is not trusted, and sends nothing',
    check: async ({ client, clientSpan, secureTarget }) => {
      const send = await client()
      const { arrived, origin } = await secureTarget({ trusted: false })
      await assert.rejects(send({ url: origin }))
      assertSpan(await clientSpan(), {
        status: 'error',
        events: ['exception'],
        attributes: {
          'error.type': 'DEPTH_ZERO_SELF_SIGNED_CERT',
          'http.response.status_code': undefined,
        },
      })
      assert.deepEqual(arrived, [])
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
    name: 'is an error when the server breaks off in the middle of the body',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((req, res) => {
        res.writeHead(200, { 'content-length': '100' })
        res.write('first part', () => req.socket.destroy())
      })
      await assert.rejects(async () => {
        await (await send({ url: origin })).text()
      })
      const span = await clientSpan()
      assertSpan(span, { status: 'error', attributes: { 'http.response.status_code': 200 } })
      assert.ok(span.attributes['error.type'])
    },
  },
]
