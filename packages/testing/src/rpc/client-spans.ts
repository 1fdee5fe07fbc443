import assert from 'node:assert/strict'
import { SpanKind, trace } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import { FAILURES, FOUR_KINDS } from './four-kinds.ts'
import type { RpcPromise } from './rpc-promise.ts'
import { RpcFailure } from './stage.ts'

/** Promises about the CLIENT span. */
export const clientSpans: readonly RpcPromise[] = [
  {
    name: 'makes one CLIENT span for each call, with its name and the required attributes',
    check: async ({ serve, connect, spanOf, system }) => {
      const { target, port } = await serve({ trace: 0 })
      await connect(target).unary('a')
      assertSpan(await spanOf(SpanKind.CLIENT), {
        name: `${system.service}/Unary`,
        kind: SpanKind.CLIENT,
        status: 'unset',
        events: [],
        parentSpanId: undefined,
        attributes: {
          'rpc.system.name': system.system,
          'rpc.method': `${system.service}/Unary`,
          'rpc.response.status_code': 'OK',
          'error.type': undefined,
          'server.address': '127.0.0.1',
          'server.port': port,
          'network.peer.address': '127.0.0.1',
          'network.peer.port': port,
          'callchain.rpc.sent_messages': undefined,
          'callchain.rpc.attempt': undefined,
        },
      })
    },
  },
  {
    name: 'makes one for a stream of each kind, which ends with it, with the number of its messages',
    check: async ({ callUntracedServer, spansOf, system }) => {
      const caller = await callUntracedServer()
      for (const kind of FOUR_KINDS) {
        assert.equal((await kind.call(caller)).texts.length, kind.received)
      }
      const spans = await spansOf(SpanKind.CLIENT, FOUR_KINDS.length)
      for (const { method, sent, received, isStream } of FOUR_KINDS) {
        const span = spans.find(({ name }) => name === `${system.service}/${method}`)
        assertSpan(span, {
          status: 'unset',
          attributes: {
            'rpc.response.status_code': 'OK',
            'callchain.rpc.sent_messages': isStream ? sent : undefined,
            'callchain.rpc.received_messages': isStream ? received : undefined,
          },
        })
      }
    },
  },
  {
    name: 'makes it a child of what is active, with twenty requests at once',
    check: async ({ callUntracedServer, spansOf }) => {
      const caller = await callUntracedServer()
      const requests = Array.from({ length: 20 }, (_, index) => FOUR_KINDS[index % 4])
      const parents = await Promise.all(
        requests.map((kind) =>
          trace.getTracer('contract').startActiveSpan('request', async (span) => {
            await kind?.call(caller)
            span.end()
            return span.spanContext().spanId
          }),
        ),
      )
      const spans = await spansOf(SpanKind.CLIENT, requests.length)
      const found = spans.map(({ parentSpanContext }) => String(parentSpanContext?.spanId))
      assert.deepEqual(found.toSorted(), parents.toSorted())
    },
  },
  {
    name: 'takes every status but OK for an error',
    check: async ({ callUntracedServer, spansOf }) => {
      const caller = await callUntracedServer({
        unary: async (text) => {
          throw new RpcFailure(text)
        },
      })
      for (const status of FAILURES) assert.equal((await caller.unary(status)).status, status)
      for (const [index, span] of (await spansOf(SpanKind.CLIENT, FAILURES.length)).entries()) {
        const status = FAILURES[index]
        assertSpan(span, {
          status: 'error',
          attributes: { 'rpc.response.status_code': status, 'error.type': status },
        })
      }
    },
  },
  {
    name: 'tells that nobody listens',
    check: async ({ serve, connect, spanOf }) => {
      const served = await serve({ trace: 0 })
      served.shutdown()
      assert.equal((await connect(served.target).unary('a')).status, 'UNAVAILABLE')
      assertSpan(await spanOf(SpanKind.CLIENT), {
        status: 'error',
        attributes: { 'error.type': 'UNAVAILABLE', 'rpc.response.status_code': 'UNAVAILABLE' },
      })
    },
  },
  {
    name: 'tells that the server has no such method',
    check: async ({ callUntracedServer, spanOf }) => {
      const caller = await callUntracedServer()
      assert.equal((await caller.unknown()).status, 'UNIMPLEMENTED')
      assertSpan(await spanOf(SpanKind.CLIENT), {
        status: 'error',
        attributes: { 'error.type': 'UNIMPLEMENTED' },
      })
    },
  },
  {
    name: 'makes one CLIENT span of a call that is retried, and a SERVER span of each attempt',
    check: async ({ serve, connect, spanOf, spansOf }) => {
      let calls = 0
      const { target } = await serve({
        handlers: {
          unary: async (text) => {
            calls += 1
            if (calls < 3) throw new RpcFailure('UNAVAILABLE')
            return text
          },
        },
      })
      assert.deepEqual((await connect(target, { attempts: 4 }).unary('a')).texts, ['a'])
      const client = await spanOf(SpanKind.CLIENT)
      assertSpan(client, { status: 'unset', attributes: { 'callchain.rpc.attempt': 3 } })
      const servers = await spansOf(SpanKind.SERVER, 3)
      assert.deepEqual(
        servers.map(({ attributes }) => attributes['callchain.rpc.attempt']),
        [undefined, 2, 3],
      )
      for (const span of servers) {
        assertSpan(span, { parentSpanId: client.spanContext().spanId })
      }
    },
  },
]
