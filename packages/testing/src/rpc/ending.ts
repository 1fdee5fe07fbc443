import assert from 'node:assert/strict'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { Recorder } from '../recorder.ts'
import { createSignal } from '../signal.ts'
import { breakableConnection } from './breakable-connection.ts'
import { FOUR_KINDS } from './four-kinds.ts'
import type { RpcPromise } from './rpc-promise.ts'
import type { RpcCaller, RpcHandlers } from './stage.ts'

const DEADLINE_MILLIS = 1000

/** Handlers that say when they have begun, and never end. */
function hanging(begun: () => void): RpcHandlers {
  const hang = (): Promise<never> => {
    begun()
    return new Promise(() => {})
  }
  return {
    unary: hang,
    async *serverStream(text) {
      yield text
      yield await hang()
    },
    clientStream: hang,
    async *bidi() {
      yield 'begun'
      yield await hang()
    },
  }
}

// The time that connecting takes is the client's alone.
async function getConnected(caller: RpcCaller, recorder: Recorder): Promise<void> {
  await caller.unknown()
  await recorder.settled()
  recorder.reset()
}

/** Promises about calls that end before their time. */
export const ending: readonly RpcPromise[] = [
  {
    name: 'ends both spans of a call of each kind that its caller calls off, without an error',
    check: async ({ serve, connect, spansOf }) => {
      let begun = createSignal()
      const { target } = await serve({ handlers: hanging(() => begun.resolve()) })
      const caller = connect(target)
      for (const { call } of FOUR_KINDS) {
        begun = createSignal()
        const aborting = new AbortController()
        const answer = call(caller, { signal: aborting.signal })
        await begun.promise
        aborting.abort()
        assert.equal((await answer).status, 'CANCELLED')
      }
      for (const kind of [SpanKind.SERVER, SpanKind.CLIENT] as const) {
        for (const span of await spansOf(kind, FOUR_KINDS.length)) {
          assertSpan(span, {
            status: 'unset',
            attributes: {
              'rpc.response.status_code': 'CANCELLED',
              'error.type': undefined,
              'callchain.called_off': kind === SpanKind.CLIENT ? true : undefined,
            },
          })
        }
      }
    },
  },
  {
    name: 'ends both spans of a call of each kind whose deadline passes, as an error',
    check: async ({ serve, connect, spansOf, recorder }) => {
      const { target } = await serve({ handlers: hanging(() => {}) })
      const caller = connect(target)
      await getConnected(caller, recorder)
      await Promise.all(
        FOUR_KINDS.map(async ({ call }) => {
          const answer = await call(caller, { timeout: DEADLINE_MILLIS })
          assert.equal(answer.status, 'DEADLINE_EXCEEDED')
        }),
      )
      for (const kind of [SpanKind.SERVER, SpanKind.CLIENT] as const) {
        for (const span of await spansOf(kind, FOUR_KINDS.length)) {
          assertSpan(span, {
            status: 'error',
            attributes: {
              'rpc.response.status_code': 'DEADLINE_EXCEEDED',
              'error.type': 'DEADLINE_EXCEEDED',
            },
          })
        }
      }
    },
  },
  {
    name: 'ends the span of a call whose answer comes too late, with what its caller got',
    check: async ({ serve, connect, spansOf, recorder }) => {
      const answering = createSignal<string>()
      const handled = createSignal()
      const { target } = await serve({
        handlers: {
          unary: async () => {
            const text = await answering.promise
            handled.resolve()
            return text
          },
        },
      })
      const caller = connect(target)
      await getConnected(caller, recorder)
      const answer = await caller.unary('a', { timeout: DEADLINE_MILLIS })
      assert.equal(answer.status, 'DEADLINE_EXCEEDED')
      const [span] = await spansOf(SpanKind.SERVER, 1)
      answering.resolve('late')
      await handled.promise
      assertSpan(span, { attributes: { 'rpc.response.status_code': 'DEADLINE_EXCEEDED' } })
    },
  },
  {
    name: 'ends both spans of a call whose connection breaks',
    check: async ({ serve, connect, spanOf }) => {
      const begun = createSignal()
      const { target, port } = await serve({ handlers: hanging(() => begun.resolve()) })
      const way = await breakableConnection(port)
      try {
        const answer = connect(target.replace(String(port), String(way.port))).bidi(['a'])
        await begun.promise
        way.break()
        assert.equal((await answer).status, 'UNAVAILABLE')
      } finally {
        way.break()
      }
      assertSpan(await spanOf(SpanKind.SERVER), {
        status: 'unset',
        attributes: { 'rpc.response.status_code': 'CANCELLED' },
      })
      assertSpan(await spanOf(SpanKind.CLIENT), {
        status: 'error',
        attributes: { 'error.type': 'UNAVAILABLE' },
      })
    },
  },
  {
    name: 'ends both spans of a stream whose server is shut down',
    check: async ({ serve, connect, spanOf }) => {
      const begun = createSignal()
      const served = await serve({ handlers: hanging(() => begun.resolve()) })
      const answer = connect(served.target).bidi(['a'])
      await begun.promise
      served.shutdown()
      assert.notEqual((await answer).status, 'OK')
      await spanOf(SpanKind.SERVER)
      assertSpan(await spanOf(SpanKind.CLIENT), { status: 'error' })
    },
  },
]
