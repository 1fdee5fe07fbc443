import assert from 'node:assert/strict'
import { currentTrace, tenant, user } from '@callchain/core'
import { propagation, SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import { outboundHeaders } from '../outbound.ts'
import { CALLER, callerTraceparent } from '../server/caller.ts'
import type { RpcPromise } from './rpc-promise.ts'

const EDGE = { 'x-forwarded-for': '203.0.113.9' }
const TRACED = { traceparent: callerTraceparent() }

/** Promises about the metadata that a call comes with. */
export const receiving: readonly RpcPromise[] = [
  {
    name: "continues an internal caller's trace, and hands it on with its tracestate",
    check: async ({ serveUntracedCaller, spanOf }) => {
      let sent: Record<string, string> = {}
      const caller = await serveUntracedCaller({
        handlers: {
          unary: async () => {
            await null
            sent = outboundHeaders()
            return ''
          },
        },
      })
      await caller.unary('a', { metadata: { ...TRACED, tracestate: 'a=1,b=2' } })
      const span = await spanOf(SpanKind.SERVER)
      assertSpan(span, { traceId: CALLER.traceId, parentSpanId: CALLER.spanId })
      assert.equal(span.parentSpanContext?.isRemote, true)
      assert.equal(sent.traceparent?.split('-')[1], CALLER.traceId)
      assert.equal(sent.tracestate, 'a=1,b=2')
    },
  },
  {
    name: 'begins a trace for a caller on the edge, and links to what it sent',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const caller = await serveUntracedCaller()
      await caller.unary('a', { metadata: { ...TRACED, ...EDGE } })
      const span = await spanOf(SpanKind.SERVER)
      assertSpan(span, { parentSpanId: undefined })
      assert.notEqual(span.spanContext().traceId, CALLER.traceId)
      assert.deepEqual(
        span.links.map((link) => link.context.traceId),
        [CALLER.traceId],
      )
      assert.equal(span.attributes['client.address'], '203.0.113.9')
    },
  },
  {
    name: 'drops the trace of a caller on the edge where it is to be ignored',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const caller = await serveUntracedCaller({ options: { trust: 'edge', edge: 'ignore' } })
      await caller.unary('a', { metadata: TRACED })
      const span = await spanOf(SpanKind.SERVER)
      assertSpan(span, { parentSpanId: undefined })
      assert.deepEqual(span.links, [])
    },
  },
  {
    name: 'lets a function decide whom to trust, by the call',
    check: async ({ serveUntracedCaller, spansOf, system }) => {
      const asked: string[] = []
      const caller = await serveUntracedCaller({
        options: {
          trust: ({ method }) => {
            asked.push(method)
            return method.endsWith('Unary') ? 'edge' : 'auto'
          },
        },
      })
      await caller.unary('a', { metadata: TRACED })
      await caller.clientStream(['a'], { metadata: TRACED })
      const spans = await spansOf(SpanKind.SERVER, 2)
      const traces = spans.map((span) => span.spanContext().traceId === CALLER.traceId)
      assert.deepEqual(traces, [false, true])
      assert.deepEqual(asked, [`${system.service}/Unary`, `${system.service}/ClientStream`])
    },
  },
  {
    name: 'takes the identity of an internal caller, and shows it on the span',
    check: async ({ serveUntracedCaller, spanOf }) => {
      let seen: unknown
      const caller = await serveUntracedCaller({
        handlers: {
          unary: async () => {
            await null
            seen = [tenant.get(), user.get()]
            return ''
          },
        },
      })
      await caller.unary('a', { metadata: { baggage: 'tenant.id=acme,user.id=u%C3%A9' } })
      assert.deepEqual(seen, ['acme', 'ué'])
      assertSpan(await spanOf(SpanKind.SERVER), { attributes: { 'tenant.id': 'acme' } })
    },
  },
  {
    name: 'takes no identity and no baggage of a caller on the edge',
    check: async ({ serveUntracedCaller, spanOf }) => {
      let seen: unknown
      const caller = await serveUntracedCaller({
        handlers: {
          unary: async () => {
            seen = [tenant.get(), propagation.getActiveBaggage()?.getAllEntries() ?? []]
            return JSON.stringify(outboundHeaders())
          },
        },
      })
      const metadata = { ...EDGE, baggage: 'tenant.id=evil,own=1' }
      const answer = await caller.unary('a', { metadata })
      assert.deepEqual(seen, [undefined, []])
      assert.doesNotMatch(answer.texts.join(), /evil|own/)
      assertSpan(await spanOf(SpanKind.SERVER), { attributes: { 'tenant.id': undefined } })
    },
  },
  {
    name: 'hands undeclared baggage of an internal caller on',
    check: async ({ serveUntracedCaller }) => {
      const caller = await serveUntracedCaller({
        handlers: { unary: async () => outboundHeaders().baggage ?? 'none' },
      })
      const answer = await caller.unary('a', { metadata: { baggage: 'flag=on,tenant.id=acme' } })
      assert.deepEqual(answer.texts, ['tenant.id=acme,flag=on'])
    },
  },
  {
    name: 'begins a trace when the traceparent cannot be read, and answers all the same',
    check: async ({ serveUntracedCaller, spansOf }) => {
      const caller = await serveUntracedCaller()
      const good = callerTraceparent()
      const malformed = ['nonsense', good.toUpperCase(), `${good}-more`, `${good}, ${good}`]
      for (const traceparent of malformed) {
        const metadata = { traceparent, tracestate: '=,=', baggage: ';;=%%%,,' }
        assert.equal((await caller.unary('a', { metadata })).status, 'OK')
      }
      for (const span of await spansOf(SpanKind.SERVER, malformed.length)) {
        assertSpan(span, { parentSpanId: undefined })
      }
    },
  },
  {
    name: 'hands on a trace that is not sampled, and records nothing',
    check: async ({ serveUntracedCaller, recorder }) => {
      const caller = await serveUntracedCaller({
        handlers: { unary: async () => currentTrace()?.traceId ?? 'none' },
      })
      const answer = await caller.unary('a', { metadata: { traceparent: callerTraceparent('00') } })
      assert.deepEqual(answer.texts, [CALLER.traceId])
      assert.deepEqual(recorder.spans(), [])
    },
  },
  {
    name: 'leaves the metadata of the application as it came',
    check: async ({ serve, connect }) => {
      const seen: unknown[] = []
      for (const trace of [0, 1] as const) {
        const { target } = await serve({
          trace,
          handlers: {
            unary: async (_text, { metadata, metadataNames }) => {
              seen.push([metadata('own'), metadata('baggage'), metadataNames().toSorted()])
              return ''
            },
          },
        })
        await connect(target, { trace: 0 }).unary('a', {
          metadata: { own: 'kept', baggage: 'a=1' },
        })
      }
      assert.deepEqual(seen[1], seen[0])
    },
  },
]
