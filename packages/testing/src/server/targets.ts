import assert from 'node:assert/strict'
import { assertSpan } from '../assert-span.ts'
import type { ServerPromise } from './server-promise.ts'
import type { Served } from './stage.ts'

async function sendHead(app: Served, requestLine: string, ...headers: string[]): Promise<string> {
  const connection = await app.connect()
  connection.send(requestLine, ...headers, 'connection: close', '', '')
  return connection.ended()
}

/** Promises about request targets and Host headers that an HTTP client would not send. */
export const targets: readonly ServerPromise[] = [
  {
    name: 'records the path of an absolute-form target, and its host before the Host header',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await sendHead(
        app,
        'GET http://shop.example:8080/items/7?a=1 HTTP/1.1',
        'host: other.example',
      )
      assertSpan(await serverSpan(), {
        attributes: {
          'url.path': '/items/7',
          'url.query': 'a=1',
          'server.address': 'shop.example',
          'server.port': 8080,
        },
      })
    },
  },
  {
    name: 'records a path that begins with two slashes as it was sent',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await sendHead(app, 'GET //evil.example/items/7 HTTP/1.1', 'host: shop.example')
      const span = await serverSpan()
      assertSpan(span, {
        attributes: { 'url.path': '//evil.example/items/7', 'server.address': 'shop.example' },
      })
      assert.ok(!span.name.includes('evil'), span.name)
    },
  },
  {
    name: 'records the target of OPTIONS * as it was sent',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await sendHead(app, 'OPTIONS * HTTP/1.1', 'host: shop.example')
      assertSpan(await serverSpan(), { name: 'OPTIONS', attributes: { 'url.path': '*' } })
    },
  },
  {
    name: 'leaves the server out when HTTP/1.0 sends no Host',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await sendHead(app, 'GET /items/7 HTTP/1.0')
      assertSpan(await serverSpan(), {
        name: 'GET /items/:id',
        attributes: {
          'server.address': undefined,
          'server.port': undefined,
          'network.protocol.version': '1.0',
        },
      })
    },
  },
  {
    name: 'records an IPv6 host without its brackets',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await sendHead(app, 'GET /items/7 HTTP/1.1', 'host: [::1]:8080')
      assertSpan(await serverSpan(), {
        attributes: { 'server.address': '::1', 'server.port': 8080 },
      })
    },
  },
  {
    name: 'traces a path that cannot be decoded',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      const response = await sendHead(app, 'GET /items/%zz HTTP/1.1', 'host: shop.example')
      const span = await serverSpan()
      assertSpan(span, {
        attributes: {
          'url.path': '/items/%zz',
          'http.response.status_code': Number(response.split(' ')[1]),
        },
      })
      assert.ok(!span.name.includes('%zz'), span.name)
    },
  },
  {
    name: 'redacts secrets in the query and changes nothing else in it',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ tracing: { redactQuery: ['pin'] } })
      const before =
        'b%20c=1+2&flag&a=1&a=2&=x&&token=s3cret&PIN=1234&Sig=abc&u[accessToken]=s&x-api-key[]=s&e='
      await sendHead(app, `GET /items/7?${before} HTTP/1.1`, 'host: shop.example')
      assertSpan(await serverSpan(), {
        attributes: {
          'url.query':
            'b%20c=1+2&flag&a=1&a=2&=x&&token=REDACTED&PIN=REDACTED&Sig=REDACTED&u[accessToken]=REDACTED&x-api-key[]=REDACTED&e=',
        },
      })
    },
  },
  {
    name: 'records no query when told to',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ tracing: { recordQuery: false } })
      await app.get('/items/7?a=1')
      assertSpan(await serverSpan(), {
        attributes: { 'url.path': '/items/7', 'url.query': undefined },
      })
    },
  },
]
