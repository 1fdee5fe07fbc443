import assert from 'node:assert/strict'
import { context, createContextKey, type TextMapPropagator, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { assertSpan } from '../assert-span.ts'
import { outboundHeaders } from '../outbound.ts'
import type { ContractHandler } from './application.ts'
import { CALLER, callerTraceparent } from './caller.ts'
import type { ServerPromise } from './server-promise.ts'

const KEPT = createContextKey('contract: kept by a propagator')

// Looks for its header among all names, as X-Ray's does, and keeps something besides the span, as B3's does.
const OTHER: TextMapPropagator = {
  fields: () => ['x-contract'],
  extract: (within, carrier, getter) => {
    const name = getter.keys(carrier).find((key) => key.toLowerCase() === 'x-contract')
    const [traceId, spanId, kept] = String(name && getter.get(carrier, name)).split(';')
    if (traceId === undefined || spanId === undefined) return within
    const remote = { traceId, spanId, traceFlags: 1, isRemote: true }
    return trace.setSpanContext(within.setValue(KEPT, kept), remote)
  },
  inject: (within, carrier, setter) =>
    setter.set(carrier, 'x-contract', `out;${within.getValue(KEPT)}`),
}

/** Promises about the trace that a request brings, and that it continues in. */
export const propagation: readonly ServerPromise[] = [
  {
    name: "continues the caller's trace",
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await app.get('/items/7', { headers: { traceparent: callerTraceparent() } })
      const span = await serverSpan()
      assertSpan(span, { traceId: CALLER.traceId, parentSpanId: CALLER.spanId })
      assert.equal(span.parentSpanContext?.isRemote, true)
      assert.deepEqual(span.links, [])
    },
  },
  {
    name: 'begins a trace when the caller has none',
    check: async ({ serve, serverSpan }) => {
      const app = await serve()
      await app.get('/items/7')
      assertSpan(await serverSpan(), { parentSpanId: undefined })
    },
  },
  {
    name: 'begins a trace when the traceparent is malformed or sent twice',
    check: async ({ serve, serverSpans }) => {
      const app = await serve()
      const good = callerTraceparent()
      const malformed = [
        'nonsense',
        good.replace(/^00/, 'ff'),
        good.toUpperCase(),
        good.slice(0, -1),
        `${good}-more`,
        good.replace(CALLER.traceId, '0'.repeat(32)),
        good.replace(CALLER.spanId, '0'.repeat(16)),
        `${good}, ${good}`,
      ]
      for (const traceparent of malformed) await app.get('/items/7', { headers: { traceparent } })
      for (const span of await serverSpans(malformed.length)) {
        assertSpan(span, { parentSpanId: undefined })
        assert.notEqual(span.spanContext().traceId, CALLER.traceId)
      }
    },
  },
  {
    name: 'hands the trace and its tracestate on to outbound calls',
    check: async ({ serve, serverSpan }) => {
      let sent: Record<string, string> = {}
      const app = await serve({
        handler: (request) => {
          sent = outboundHeaders()
          request.reply(200, {})
        },
      })
      const headers = { traceparent: callerTraceparent(), tracestate: 'a=1,b=2' }
      await app.get('/items/7', { headers })
      assertSpan(await serverSpan(), { traceId: CALLER.traceId })
      assert.equal(sent.traceparent?.split('-')[1], CALLER.traceId)
      assert.notEqual(sent.traceparent?.split('-')[2], CALLER.spanId)
      assert.equal(sent.tracestate, 'a=1,b=2')
    },
  },
  {
    name: 'records nothing when an internal caller did not sample, and still hands the trace on',
    check: async ({ recorder, serve }) => {
      let sent: Record<string, string> = {}
      const app = await serve({
        handler: (request) => {
          sent = outboundHeaders()
          request.reply(200, {})
        },
      })
      await app.get('/items/7', { headers: { traceparent: callerTraceparent('00') } })
      assert.deepEqual(recorder.spans(), [])
      assert.match(sent.traceparent ?? '', new RegExp(`^00-${CALLER.traceId}-[0-9a-f]{16}-00$`))
    },
  },
  {
    name: 'shows another propagator the names of all headers, and keeps what that keeps for the way out',
    check: async ({ serve, serverSpans }) => {
      const sent: (string | undefined)[] = []
      const handler: ContractHandler = (request) => {
        sent.push(outboundHeaders(undefined, { propagator: OTHER })['x-contract'])
        request.reply(200, {})
      }
      const headers = { 'X-Contract': `${CALLER.traceId};${CALLER.spanId};kept` }
      for (const trust of ['internal', 'edge'] as const) {
        const app = await serve({ handler, tracing: { propagator: OTHER, trust } })
        await app.get('/items/7', { headers })
      }
      const [continued, begun] = await serverSpans(2)
      assertSpan(continued as ReadableSpan, {
        traceId: CALLER.traceId,
        parentSpanId: CALLER.spanId,
      })
      assertSpan(begun as ReadableSpan, { parentSpanId: undefined })
      assert.deepEqual(sent, ['out;kept', 'out;undefined'])
    },
  },
  {
    name: "is the parent of the application's own spans",
    check: async ({ recorder, serve, serverSpan }) => {
      const app = await serve({
        handler: async (request) => {
          await Promise.resolve()
          trace.getTracer('application').startSpan('work').end()
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      const span = await serverSpan()
      const work = recorder.spans().find(({ name }) => name === 'work')
      assert.equal(work?.parentSpanContext?.spanId, span.spanContext().spanId)
    },
  },
  {
    name: 'does nothing where tracing is suppressed',
    check: async ({ recorder, serve, serverSpan }) => {
      let suppressed = true
      const app = await serve({
        around: (listener) => (req, res) =>
          suppressed
            ? context.with(suppressTracing(context.active()), () => listener(req, res))
            : listener(req, res),
      })
      assert.equal((await app.get('/items/7')).status, 200)
      suppressed = false
      await app.get('/items/8')
      assertSpan(await serverSpan(), { attributes: { 'url.path': '/items/8' } })
      assert.equal(recorder.spans().length, 1)
    },
  },
]
