import assert from 'node:assert/strict'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ServerPromise } from './server-promise.ts'

/** Promises about the span's name, its route and what it says about the request. */
export const naming: readonly ServerPromise[] = [
  {
    name: 'makes one SERVER span a request, with its name and the required attributes',
    check: async ({ serve, onlySpan }) => {
      const app = await serve()
      const answer = await app.get('/items/7?full=1', { headers: { 'user-agent': 'contract' } })
      assert.equal(answer.status, 200)
      assert.deepEqual(JSON.parse(answer.text), { id: '7' })
      assertSpan(await onlySpan(), {
        name: 'GET /items/:id',
        kind: SpanKind.SERVER,
        status: 'unset',
        events: [],
        parentSpanId: undefined,
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/items/:id',
          'http.response.status_code': 200,
          'url.path': '/items/7',
          'url.query': 'full=1',
          'url.scheme': 'http',
          'server.address': '127.0.0.1',
          'server.port': app.port,
          'client.address': '127.0.0.1',
          'network.peer.address': '127.0.0.1',
          'network.protocol.version': '1.1',
          'user_agent.original': 'contract',
          'error.type': undefined,
        },
      })
    },
  },
  {
    name: 'names the route of a router that is mounted on a parameter',
    check: async ({ serve, onlySpan }) => {
      const app = await serve()
      await app.get('/orgs/acme/items/7')
      assertSpan(await onlySpan(), {
        name: 'GET /orgs/:org/items/:id',
        attributes: { 'http.route': '/orgs/:org/items/:id', 'url.path': '/orgs/acme/items/7' },
      })
    },
  },
  {
    name: 'names the route of a router inside a router',
    check: async ({ serve, onlySpan }) => {
      const app = await serve()
      await app.get('/shop/carts/3/lines/4')
      assertSpan(await onlySpan(), {
        name: 'GET /shop/carts/:cart/lines/:line',
        attributes: { 'http.route': '/shop/carts/:cart/lines/:line' },
      })
    },
  },
  {
    name: 'gives a 404 no route and no error',
    check: async ({ serve, onlySpan }) => {
      const app = await serve()
      assert.equal((await app.get('/nowhere/7')).status, 404)
      assertSpan(await onlySpan(), {
        name: 'GET',
        status: 'unset',
        events: [],
        attributes: {
          'http.route': undefined,
          'http.response.status_code': 404,
          'error.type': undefined,
        },
      })
    },
  },
]
