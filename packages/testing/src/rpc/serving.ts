import assert from 'node:assert/strict'
import { noteError } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import { FAILURES, FAULTS_OF_SERVERS, FOUR_KINDS } from './four-kinds.ts'
import type { RpcPromise } from './rpc-promise.ts'
import { RpcFailure, type RpcHandlers } from './stage.ts'

class StockBroken extends Error {}

/** A handler of each kind that fails with an error. */
function failingWith(make: () => Error): RpcHandlers {
  return {
    unary: async () => {
      throw make()
    },
    // biome-ignore lint/correctness/useYield: it fails before its first message
    async *serverStream() {
      throw make()
    },
    clientStream: async () => {
      throw make()
    },
    // biome-ignore lint/correctness/useYield: it fails before its first message
    async *bidi() {
      throw make()
    },
  }
}

/** Promises about the SERVER span. */
export const serving: readonly RpcPromise[] = [
  {
    name: 'makes one SERVER span for each call, with its name and the required attributes',
    check: async ({ serve, connect, spanOf, system }) => {
      const { target, port } = await serve()
      const answer = await connect(target, { trace: 0 }).unary('a')
      assert.deepEqual(answer, { status: 'OK', details: answer.details, texts: ['a'] })
      const span = await spanOf(SpanKind.SERVER)
      assertSpan(span, {
        name: `${system.service}/Unary`,
        kind: SpanKind.SERVER,
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
          'client.address': '127.0.0.1',
          'network.peer.address': '127.0.0.1',
          'callchain.rpc.sent_messages': undefined,
          'callchain.rpc.attempt': undefined,
        },
      })
      assert.equal(typeof span.attributes['network.peer.port'], 'number')
    },
  },
  {
    name: 'makes one for a stream of each kind, with the number of its messages',
    check: async ({ serveUntracedCaller, spansOf, system }) => {
      const caller = await serveUntracedCaller()
      for (const kind of FOUR_KINDS) {
        assert.equal((await kind.call(caller)).texts.length, kind.received)
      }
      const spans = await spansOf(SpanKind.SERVER, FOUR_KINDS.length)
      for (const { method, sent, received, isStream } of FOUR_KINDS) {
        const span = spans.find(({ name }) => name === `${system.service}/${method}`)
        assertSpan(span, {
          status: 'unset',
          attributes: {
            'rpc.response.status_code': 'OK',
            'callchain.rpc.sent_messages': isStream ? received : undefined,
            'callchain.rpc.received_messages': isStream ? sent : undefined,
          },
        })
      }
    },
  },
  {
    name: 'takes the status that was sent, and marks those alone that are faults of servers',
    check: async ({ serveUntracedCaller, spansOf }) => {
      const caller = await serveUntracedCaller({
        handlers: {
          unary: async (text) => {
            throw new RpcFailure(text)
          },
        },
      })
      for (const status of FAILURES) assert.equal((await caller.unary(status)).status, status)
      const spans = await spansOf(SpanKind.SERVER, FAILURES.length)
      for (const [index, status] of FAILURES.entries()) {
        const isFault = FAULTS_OF_SERVERS.has(status)
        assertSpan(spans[index], {
          status: isFault ? 'error' : 'unset',
          attributes: {
            'rpc.response.status_code': status,
            'error.type': isFault ? status : undefined,
          },
        })
      }
    },
  },
  {
    name: 'records what a handler of each kind fails with, once and with its class',
    check: async ({ serveUntracedCaller, spansOf }) => {
      const caller = await serveUntracedCaller({
        handlers: failingWith(() => new StockBroken('no stock')),
      })
      for (const { call } of FOUR_KINDS) assert.notEqual((await call(caller)).status, 'OK')
      for (const span of await spansOf(SpanKind.SERVER, FOUR_KINDS.length)) {
        assertSpan(span, { status: 'error', events: ['exception'] })
        assert.equal(span.events[0]?.attributes?.['exception.type'], 'StockBroken', span.name)
      }
    },
  },
  {
    name: 'records nothing of an error that the caller is to blame for',
    check: async ({ serveUntracedCaller, spansOf }) => {
      const caller = await serveUntracedCaller({
        handlers: failingWith(() => new RpcFailure('NOT_FOUND')),
      })
      for (const { call } of FOUR_KINDS) assert.equal((await call(caller)).status, 'NOT_FOUND')
      for (const span of await spansOf(SpanKind.SERVER, FOUR_KINDS.length)) {
        assertSpan(span, { status: 'unset', events: [] })
      }
    },
  },
  {
    name: 'prefers what the application says made the call fail',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const caller = await serveUntracedCaller({
        handlers: {
          unary: async () => {
            assert.equal(noteError(new StockBroken('the cause')), true)
            throw new RpcFailure('INTERNAL')
          },
        },
      })
      await caller.unary('a')
      const span = await spanOf(SpanKind.SERVER)
      assert.equal(span.events[0]?.attributes?.['exception.type'], 'StockBroken')
    },
  },
  {
    name: 'changes nothing about what the caller gets',
    check: async ({ serve, connect, system }) => {
      const handlers: Partial<RpcHandlers> = {
        ...failingWith(() => new StockBroken('no stock')),
        unary: async (text) => {
          if (text === 'NOT_FOUND') throw new RpcFailure(text, 'gone')
          throw new StockBroken('no stock')
        },
      }
      const answers = []
      for (const trace of [0, 1] as const) {
        const { target } = await serve({ handlers, trace })
        const caller = connect(target, { trace: 0 })
        const all = [await caller.unary('NOT_FOUND')]
        for (const { call } of FOUR_KINDS) all.push(await call(caller))
        answers.push(all)
      }
      assert.deepEqual(answers[1], answers[0], system.service)
    },
  },
  {
    name: 'makes a SERVER span of a call to a method that the server does not have',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const caller = await serveUntracedCaller()
      assert.equal((await caller.unknown()).status, 'UNIMPLEMENTED')
      // Spans that are still to come end before those of later calls.
      await caller.unary('a')
      const span = await spanOf(SpanKind.SERVER)
      assertSpan(span, { attributes: { 'rpc.response.status_code': 'UNIMPLEMENTED' } })
    },
  },
  {
    name: 'makes one span where it is installed twice',
    check: async ({ serveUntracedCaller, spansOf }) => {
      const caller = await serveUntracedCaller({ trace: 2 })
      for (const { call } of FOUR_KINDS) await call(caller)
      assert.equal((await spansOf(SpanKind.SERVER, FOUR_KINDS.length)).length, FOUR_KINDS.length)
    },
  },
]
