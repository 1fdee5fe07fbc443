import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { currentTrace, inRequest, runWithIdentity, tenant } from '@callchain/core'
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import { FOUR_KINDS } from './four-kinds.ts'
import type { RpcPromise } from './rpc-promise.ts'
import type { RpcHandlers } from './stage.ts'

const here = (): string => `${tenant.get()} in ${currentTrace()?.spanId}`

/** Answers with where it was at each step. */
const TELLING: RpcHandlers = {
  unary: async () => {
    const seen = [here()]
    await wait(1)
    return [...seen, here()].join('; ')
  },
  async *serverStream() {
    yield here()
    await wait(1)
    yield here()
  },
  clientStream: async (texts) => {
    const seen = [here()]
    for await (const _ of texts) seen.push(here())
    return [...seen, here()].join('; ')
  },
  async *bidi(texts) {
    for await (const _ of texts) {
      await wait(1)
      yield here()
    }
  },
}

/** Promises about where the context of a call is kept. */
export const keepingContext: readonly RpcPromise[] = [
  {
    name: 'runs handlers of each kind in the context of their call, over awaits and messages',
    check: async ({ serveUntracedCaller, spansOf, system }) => {
      const caller = await serveUntracedCaller({ handlers: TELLING })
      const metadata = { baggage: 'tenant.id=acme' }
      const seen = new Map<string, readonly string[]>()
      for (const { method, call } of FOUR_KINDS) {
        const { texts } = await call(caller, { metadata })
        seen.set(`${system.service}/${method}`, texts.join('; ').split('; '))
      }
      for (const span of await spansOf(SpanKind.SERVER, FOUR_KINDS.length)) {
        const found = new Set(seen.get(span.name))
        assert.deepEqual(found, new Set([`acme in ${span.spanContext().spanId}`]), span.name)
      }
    },
  },
  {
    name: 'keeps the calls of one connection apart, thirty at once',
    check: async ({ serveUntracedCaller, spansOf }) => {
      const caller = await serveUntracedCaller({ handlers: TELLING })
      const names = Array.from({ length: 30 }, (_, index) => `tenant-${index}`)
      const seen = await Promise.all(
        names.map(async (name, index) => {
          const kind = FOUR_KINDS[index % FOUR_KINDS.length]
          const metadata = { baggage: `tenant.id=${name}` }
          return (await kind?.call(caller, { metadata }))?.texts.join('; ').split('; ')
        }),
      )
      const spans = await spansOf(SpanKind.SERVER, names.length)
      const expected = new Map(
        spans.map((span) => [span.attributes['tenant.id'], span.spanContext().spanId]),
      )
      for (const [index, name] of names.entries()) {
        assert.deepEqual(new Set(seen[index]), new Set([`${name} in ${expected.get(name)}`]))
      }
    },
  },
  {
    name: 'takes a tenant that a handler sets, for its own call alone',
    check: async ({ serveUntracedCaller, spansOf }) => {
      const caller = await serveUntracedCaller({
        handlers: {
          unary: async (text) => {
            const before = tenant.get()
            tenant.set(text)
            await wait(1)
            return `${before}, ${tenant.get()}`
          },
        },
      })
      const answers = await Promise.all(['a', 'b', 'c'].map((text) => caller.unary(text)))
      assert.deepEqual(
        answers.map(({ texts }) => texts[0]),
        ['undefined, a', 'undefined, b', 'undefined, c'],
      )
      const spans = await spansOf(SpanKind.SERVER, 3)
      const tenants = spans.map(({ attributes }) => String(attributes['tenant.id']))
      assert.deepEqual(tenants.toSorted(), ['a', 'b', 'c'])
    },
  },
  {
    name: 'runs listeners of a cancelled call in its context',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const started = createSignal()
      const cancelled = createSignal<string>()
      const caller = await serveUntracedCaller({
        handlers: {
          unary: (_text, { onCancelled }) => {
            onCancelled(() => cancelled.resolve(here()))
            started.resolve()
            return new Promise(() => {})
          },
        },
      })
      const aborting = new AbortController()
      const metadata = { baggage: 'tenant.id=acme' }
      const answer = caller.unary('a', { metadata, signal: aborting.signal })
      await started.promise
      aborting.abort()
      assert.equal((await answer).status, 'CANCELLED')
      const { spanId } = (await spanOf(SpanKind.SERVER)).spanContext()
      assert.equal(await cancelled.promise, `acme in ${spanId}`)
    },
  },
  {
    name: 'finds a call by what the library calls it',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const caller = await serveUntracedCaller({
        handlers: {
          unary: async (_text, { native }) =>
            context.with(ROOT_CONTEXT, () => inRequest(native, here)),
        },
      })
      const answer = await caller.unary('a', { metadata: { baggage: 'tenant.id=acme' } })
      const { spanId } = (await spanOf(SpanKind.SERVER)).spanContext()
      assert.deepEqual(answer.texts, [`acme in ${spanId}`])
    },
  },
  {
    name: "tells the caller of messages and of the end in the caller's own context",
    check: async ({ callUntracedServer, recorder }) => {
      const caller = await callUntracedServer()
      const inRequestOf = async (name: string): Promise<void> =>
        trace.getTracer('contract').startActiveSpan(name, async (span) => {
          const own = span.spanContext().spanId
          for (const { call, method } of FOUR_KINDS) {
            const seen = new Set<string | undefined>()
            await call(caller, { onMessage: () => seen.add(currentTrace()?.spanId) })
            seen.add(currentTrace()?.spanId)
            assert.deepEqual([...seen], [own], `${name}: ${method}`)
          }
          span.end()
        })
      await inRequestOf('first')
      await Promise.all(['second', 'third', 'fourth'].map(inRequestOf))
      await recorder.waitFor(4 * (FOUR_KINDS.length + 1))
    },
  },
  {
    name: 'makes one chain of a server that calls another',
    check: async ({ serve, connect, recorder }) => {
      const { target: behind } = await serve({ handlers: { unary: async () => here() } })
      const next = connect(behind)
      const { target } = await serve({
        handlers: { unary: async (text) => (await next.unary(text)).texts.join() },
      })
      const answer = await runWithIdentity({ 'tenant.id': 'acme' }, () =>
        connect(target).unary('a'),
      )
      assert.match(answer.texts.join(), /^acme in /)
      const [last, out, first, root] = await recorder.waitFor(4)
      for (const [below, above] of [
        [last, out],
        [out, first],
        [first, root],
      ]) {
        assertSpan(below, { parentSpanId: above?.spanContext().spanId })
      }
    },
  },
]
