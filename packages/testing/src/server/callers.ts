import assert from 'node:assert/strict'
import { once } from 'node:events'
import { tenant, user } from '@callchain/core'
import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace'
import { assertSpan } from '../assert-span.ts'
import { outboundHeaders } from '../outbound.ts'
import { createRecorder } from '../recorder.ts'
import { CALLER, callerTraceparent } from './caller.ts'
import type { RawConnection } from './raw-connection.ts'
import type { ServerPromise } from './server-promise.ts'

const TRACED = { traceparent: callerTraceparent() }
const PUBLIC = { 'x-forwarded-for': '203.0.113.9' }

/** Promises about callers on the edge, and about what our own proxies say of them. */
export const callers: readonly ServerPromise[] = [
  {
    name: 'starts a new trace for a caller on the edge, and links to the caller',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ tracing: { trust: 'edge' } })
      await app.get('/items/7', { headers: TRACED })
      const span = await serverSpan()
      assertSpan(span, { parentSpanId: undefined })
      assert.notEqual(span.spanContext().traceId, CALLER.traceId)
      assert.deepEqual(
        span.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId })),
        [CALLER],
      )
    },
  },
  {
    name: 'drops the trace of a caller on the edge when told to',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ tracing: { trust: 'edge', edge: 'ignore' } })
      await app.get('/items/7', { headers: TRACED })
      const span = await serverSpan()
      assertSpan(span, { parentSpanId: undefined })
      assert.deepEqual(span.links, [])
      assert.notEqual(span.spanContext().traceId, CALLER.traceId)
    },
  },
  {
    name: 'takes neither identity nor baggage nor tracestate from a caller on the edge',
    check: async ({ serve, serverSpan }) => {
      let seen: unknown
      let sent: Record<string, string> = {}
      const app = await serve({
        tracing: { trust: 'edge' },
        handler: (request) => {
          seen = [tenant.get(), user.get()]
          sent = outboundHeaders()
          request.reply(200, {})
        },
      })
      const baggage = 'tenant.id=evil,user.id=root,plan=gold'
      await app.get('/items/7', { headers: { ...TRACED, tracestate: 'evil=1', baggage } })
      assertSpan(await serverSpan(), {
        attributes: { 'tenant.id': undefined, 'user.id': undefined },
      })
      assert.deepEqual(seen, [undefined, undefined])
      assert.deepEqual(Object.keys(sent), ['traceparent'])
    },
  },
  {
    name: 'records a caller on the edge that says it did not sample',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ tracing: { trust: 'edge' } })
      await app.get('/items/7', { headers: { traceparent: callerTraceparent('00') } })
      assertSpan(await serverSpan(), { name: 'GET /items/:id' })
    },
  },
  {
    name: 'does not record because a caller on the edge says it sampled',
    check: async ({ serve }) => {
      const sampler = new ParentBasedSampler({ root: new AlwaysOffSampler() })
      const own = createRecorder({ register: false, sampler })
      let sent: Record<string, string> = {}
      const app = await serve({
        tracing: { trust: 'edge', tracerProvider: own.provider },
        handler: (request) => {
          sent = outboundHeaders()
          request.reply(200, {})
        },
      })
      await app.get('/items/7', { headers: TRACED })
      assert.deepEqual([own.spans(), own.open()], [[], []])
      assert.match(sent.traceparent ?? '', /-0[02]$/)
    },
  },
  {
    name: 'takes a caller for the edge when a public address is among those it came through',
    check: async ({ serve, serverSpans }) => {
      const app = await serve()
      const forwarded = [
        PUBLIC,
        { 'x-forwarded-for': '10.0.0.1, 203.0.113.9' },
        { forwarded: 'for=203.0.113.9;proto=https' },
        { forwarded: 'for=10.0.0.1', 'x-forwarded-for': '203.0.113.9' },
      ]
      for (const headers of forwarded) {
        await app.get('/items/7', { headers: { ...TRACED, ...headers, baggage: 'tenant.id=evil' } })
      }
      for (const span of await serverSpans(forwarded.length)) {
        assertSpan(span, { parentSpanId: undefined, attributes: { 'tenant.id': undefined } })
      }
    },
  },
  {
    name: 'takes a caller for internal when every address it came through is private',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      const headers = { ...TRACED, 'x-forwarded-for': '10.0.0.1, 192.168.1.1' }
      await app.get('/items/7', { headers })
      assertSpan(await serverSpan(), { traceId: CALLER.traceId })
    },
  },
  {
    name: 'believes our own proxy about scheme, host and client',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await app.get('/items/7', {
        headers: {
          ...PUBLIC,
          'x-forwarded-proto': 'https',
          'x-forwarded-host': 'shop.example',
        },
      })
      assertSpan(await serverSpan(), {
        attributes: {
          'url.scheme': 'https',
          'server.address': 'shop.example',
          'server.port': 443,
          'client.address': '203.0.113.9',
          'network.peer.address': '127.0.0.1',
        },
      })
    },
  },
  {
    name: 'asks a trust function about each request, and distrusts when it throws',
    check: async ({ serve, serverSpans }) => {
      const answers = [
        () => 'internal' as const,
        () => {
          throw new Error('no answer')
        },
      ]
      const app = await serve({ tracing: { trust: () => answers.shift()?.() ?? 'edge' } })
      await app.get('/items/1', { headers: { ...TRACED, ...PUBLIC } })
      assert.equal((await app.get('/items/2', { headers: TRACED })).status, 200)
      const [believed, distrusted] = await serverSpans(2)
      assert.equal(believed?.spanContext().traceId, CALLER.traceId)
      assert.notEqual(distrusted?.spanContext().traceId, CALLER.traceId)
    },
  },
  {
    name: 'does not take a client for internal that has reset its connection at once',
    check: async ({ serve, serverSpan }) => {
      let connection: RawConnection | undefined
      const app = await serve({
        around: (listener) => async (req, res) => {
          // The server has read the request, and not yet noticed that its sender is gone.
          const socket = connection?.socket
          socket?.resetAndDestroy()
          if (socket) await once(socket, 'close')
          listener(req, res)
        },
      })
      connection = await app.connect()
      const { traceparent } = TRACED
      connection.send(
        'GET /items/7 HTTP/1.1',
        'host: a',
        `traceparent: ${traceparent}`,
        'baggage: tenant.id=evil',
        '',
        '',
      )
      assertSpan(await serverSpan(), {
        parentSpanId: undefined,
        attributes: { 'tenant.id': undefined, 'client.address': undefined },
      })
    },
  },
]
