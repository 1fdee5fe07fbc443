import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { currentTrace, tenant } from '@callchain/core'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import type { ServerPromise } from './server-promise.ts'

/** Promises about requests that share a server, or a connection. */
export const concurrency: readonly ServerPromise[] = [
  {
    name: 'does not mix two requests at the same time',
    check: async ({ serve, serverSpans }) => {
      const both = createSignal()
      const seen = new Map<string, unknown>()
      const app = await serve({
        handler: async (request) => {
          const id = String(request.params.id)
          seen.set(id, undefined)
          if (seen.size === 2) both.resolve()
          await both.promise
          seen.set(id, [currentTrace()?.spanId, tenant.get()])
          request.reply(200, {})
        },
      })
      const get = (id: string, tenantId: string): Promise<unknown> =>
        app.get(`/items/${id}`, { headers: { baggage: `tenant.id=${tenantId}` } })
      await Promise.all([get('1', 'acme'), get('2', 'globex')])
      for (const span of await serverSpans(2)) {
        const first = span.attributes['url.path'] === '/items/1'
        const own = first ? 'acme' : 'globex'
        assertSpan(span, { attributes: { 'tenant.id': own } })
        assert.deepEqual(seen.get(first ? '1' : '2'), [span.spanContext().spanId, own])
      }
    },
  },
  {
    name: 'carries nothing over from one request of a connection to the next',
    check: async ({ serve, serverSpans }) => {
      const seen: unknown[] = []
      const app = await serve({
        handler: (request) => {
          seen.push(tenant.get())
          request.reply(200, {})
        },
      })
      const connection = await app.connect()
      connection.send('GET /items/1 HTTP/1.1', 'host: a', 'baggage: tenant.id=acme', '', '')
      await connection.receive(/\{\}/)
      connection.send('GET /orgs/acme/items/2 HTTP/1.1', 'host: a', 'connection: close', '', '')
      await connection.ended()
      const [first, second] = await serverSpans(2)
      assert.ok(first && second)
      assertSpan(first, { name: 'GET /items/:id', attributes: { 'tenant.id': 'acme' } })
      assertSpan(second, {
        name: 'GET /orgs/:org/items/:id',
        parentSpanId: undefined,
        attributes: { 'tenant.id': undefined },
      })
      assert.notEqual(first.spanContext().traceId, second.spanContext().traceId)
      assert.deepEqual(seen, ['acme', undefined])
    },
  },
  {
    name: 'makes a span for each of several pipelined requests',
    check: async ({ serve, serverSpans }) => {
      const app = await serve({
        handler: async (request) => {
          if (request.params.id === '1') await turn()
          request.reply(200, { id: request.params.id })
        },
      })
      const connection = await app.connect()
      const head = (id: number): string[] => [
        `GET /items/${id} HTTP/1.1`,
        'host: a',
        `baggage: tenant.id=t${id}`,
      ]
      connection.send(...head(1), '', ...head(2), '', ...head(3), 'connection: close', '', '')
      await connection.ended()
      const spans = await serverSpans(3)
      assert.deepEqual(
        spans.map(({ attributes }) => [attributes['url.path'], attributes['tenant.id']]).sort(),
        [
          ['/items/1', 't1'],
          ['/items/2', 't2'],
          ['/items/3', 't3'],
        ],
      )
      for (const span of spans) {
        assertSpan(span, {
          name: 'GET /items/:id',
          status: 'unset',
          attributes: { 'http.response.status_code': 200 },
        })
      }
    },
  },
  {
    name: 'never mixes two tenants over 200 interleaved requests',
    check: async ({ serve, serverSpans }) => {
      const mixed: unknown[] = []
      const app = await serve({
        authenticate: async (request) => {
          await turn()
          tenant.set(String(request.raw.headers['x-tenant']))
          return false
        },
        handler: async (request) => {
          const own = request.raw.headers['x-tenant']
          for (let step = 0; step < 3; step++) {
            await turn()
            if (tenant.get() !== own) mixed.push([own, tenant.get()])
          }
          request.reply(200, {})
        },
      })
      const get = (index: number): Promise<unknown> => {
        const own = index % 2 === 0 ? 'acme' : 'globex'
        return app.get(`/orgs/${own}/items/${index}`, { headers: { 'x-tenant': own } })
      }
      for (let sent = 0; sent < 200; sent += 20) {
        await Promise.all(Array.from({ length: 20 }, (_, index) => get(sent + index)))
      }
      assert.deepEqual(mixed, [])
      for (const span of await serverSpans(200)) {
        const own = String(span.attributes['url.path']).split('/')[2]
        assertSpan(span, { attributes: { 'tenant.id': own } })
      }
    },
  },
  {
    name: 'leaves no listeners on a connection that serves 100 requests',
    check: async ({ serve, serverSpans }) => {
      const counts: number[] = []
      const app = await serve({
        handler: (request) => {
          const { socket } = request.raw
          counts.push(
            socket.eventNames().reduce((sum, event) => sum + socket.listenerCount(event), 0),
          )
          request.reply(200, {})
        },
      })
      const connection = await app.connect()
      for (let sent = 1; sent <= 100; sent++) {
        connection.send('GET /items/7 HTTP/1.1', 'host: a', '', '')
        await connection.receive(/200 OK[\s\S]*\{\}/)
      }
      assert.equal((await serverSpans(100)).length, 100)
      assert.equal(counts.at(-1), counts[1])
    },
  },
]
