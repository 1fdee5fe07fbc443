import assert from 'node:assert/strict'
import { setRoute } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ServerPromise } from './server-promise.ts'

/** Promises about the span's name, its route and what it says about the request. */
export const naming: readonly ServerPromise[] = [
  {
    name: 'makes one SERVER span for each request, with its name and the required attributes',
    check: async ({ recorder, serve, serverSpan }) => {
      const app = await serve()
      const answer = await app.get('/items/7?full=1', { headers: { 'user-agent': 'contract' } })
      assert.equal(answer.status, 200)
      assert.deepEqual(JSON.parse(answer.text), { id: '7' })
      assertSpan(await serverSpan(), {
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
      assert.equal(recorder.spans().length, 1)
    },
  },
  {
    name: 'names the route of a router that is mounted on a parameter',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await app.get('/orgs/acme/items/7')
      assertSpan(await serverSpan(), {
        name: 'GET /orgs/:org/items/:id',
        attributes: { 'http.route': '/orgs/:org/items/:id', 'url.path': '/orgs/acme/items/7' },
      })
    },
  },
  {
    name: 'names the route of a router inside a router',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await app.get('/shop/carts/3/lines/4')
      assertSpan(await serverSpan(), {
        name: 'GET /shop/carts/:cart/lines/:line',
        attributes: { 'http.route': '/shop/carts/:cart/lines/:line' },
      })
    },
  },
  {
    name: 'gives a 404 neither a route nor an error',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      assert.equal((await app.get('/nowhere/7')).status, 404)
      assertSpan(await serverSpan(), {
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
  {
    name: 'names a HEAD request by the route that serves it',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      const answer = await app.get('/items/7', { method: 'HEAD' })
      assert.deepEqual([answer.status, answer.text], [200, ''])
      assertSpan(await serverSpan(), {
        name: 'HEAD /items/:id',
        status: 'unset',
        attributes: { 'http.request.method': 'HEAD', 'http.response.status_code': 200 },
      })
    },
  },
  {
    name: 'traces an OPTIONS request that no route serves by its method alone',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      const { status } = await app.get('/nowhere', { method: 'OPTIONS' })
      assertSpan(await serverSpan(), {
        name: 'OPTIONS',
        status: 'unset',
        attributes: { 'http.route': undefined, 'http.response.status_code': status },
      })
    },
  },
  {
    name: 'names a method outside the conventions HTTP, and keeps what it was',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await app.get('/items/7', { method: 'PROPFIND' })
      const span = await serverSpan()
      assert.match(span.name, /^HTTP\b/)
      assertSpan(span, {
        attributes: {
          'http.request.method': '_OTHER',
          'http.request.method_original': 'PROPFIND',
        },
      })
    },
  },
  {
    name: "takes the route from setRoute() before the framework's",
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => {
          setRoute('/items/{sku}')
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      assertSpan(await serverSpan(), {
        name: 'GET /items/{sku}',
        attributes: { 'http.route': '/items/{sku}' },
      })
    },
  },
  {
    name: 'never names a span by its path when authentication answers before the routes',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        authenticate: async (request) => {
          request.reply(401, {})
          return true
        },
      })
      assert.equal((await app.get('/orgs/acme/items/7')).status, 401)
      const span = await serverSpan()
      assert.ok(!span.name.includes('acme'), span.name)
      assertSpan(span, { status: 'unset', attributes: { 'http.response.status_code': 401 } })
    },
  },
  {
    name: 'makes one span when it is mounted twice',
    check: async ({ recorder, serve, serverSpan }) => {
      const app = await serve({ tracing: [{}, {}] })
      await app.get('/items/7')
      assertSpan(await serverSpan(), { name: 'GET /items/:id' })
      assert.equal(recorder.spans().length, 1)
    },
  },
]
