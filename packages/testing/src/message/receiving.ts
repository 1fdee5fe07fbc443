import assert from 'node:assert/strict'
import { currentTrace, tenant, user } from '@callchain/core'
import { identityLogFields } from '@callchain/core/internal'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ContractPromise } from '../contract.ts'
import { outboundHeaders } from '../outbound.ts'
import { createSignal } from '../signal.ts'
import {
  consumerOf,
  linksOf,
  producerOf,
  spansOf,
  withinRequest,
  withinRequestOf,
} from './spans.ts'
import { consumeAll, type MessageStage } from './stage.ts'

const OTHER_TRACE = '0af7651916cd43dd8448eb211c80319c'
const OTHER_SPAN = 'b7ad6b7169203331'

/** What every wrapper of a messaging system promises about handling messages. */
export const receivingPromises: readonly ContractPromise<MessageStage>[] = [
  {
    name: 'makes one CONSUMER span for each message, a child of who sent it and linked to it',
    check: async ({ connect, recorder, system }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, () => currentTrace()?.spanId)
      await messaging.send('one')
      const [active] = await done
      const producer = await producerOf(recorder)
      const consumer = await consumerOf(recorder)
      assertSpan(consumer, {
        ...system.processes(messaging.destination),
        kind: SpanKind.CONSUMER,
        status: 'unset',
        traceId: producer.spanContext().traceId,
        parentSpanId: producer.spanContext().spanId,
      })
      assert.deepEqual(linksOf(consumer), [producer.spanContext().spanId])
      assert.equal(active, consumer.spanContext().spanId)
    },
  },
  {
    name: 'runs a handler with nothing of the request that has connected and begun to consume',
    check: async ({ connect, recorder }) => {
      const seen = await withinRequestOf('starter', async () => {
        const messaging = await connect()
        const { done } = await consumeAll(messaging, 1, () => [tenant.get(), user.get()])
        return { messaging, done }
      })
      await seen.messaging.plant('one', {})
      assert.deepEqual(await seen.done, [[undefined, undefined]])
      const consumer = await consumerOf(recorder)
      assertSpan(consumer, { parentSpanId: undefined, attributes: { 'tenant.id': undefined } })
      assert.deepEqual(linksOf(consumer), [])
    },
  },
  {
    name: 'gives the tenant and the user to the handler, its span, its log lines and its calls',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, async () => {
        await new Promise((resolve) => setImmediate(resolve))
        const calls = outboundHeaders()
        return [tenant.get(), user.get(), identityLogFields(), calls.baggage]
      })
      await withinRequestOf('acme', () => messaging.send('one'))
      assert.deepEqual(await done, [
        ['acme', 'ada', { tenant_id: 'acme', user_id: 'ada' }, 'tenant.id=acme,user.id=ada'],
      ])
      assertSpan(await consumerOf(recorder), {
        attributes: { 'tenant.id': 'acme', 'user.id': 'ada' },
      })
    },
  },
  {
    name: 'keeps messages apart that are handled at the same time',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 4, async ({ body }) => {
        await new Promise((resolve) => setImmediate(resolve))
        return [body, tenant.get()]
      })
      const names = ['acme', 'beta', 'gamma', 'delta']
      await Promise.all(names.map((name) => withinRequestOf(name, () => messaging.send(name))))
      for (const [body, seen] of await done) assert.equal(seen, body)
      const spans = await spansOf(recorder, SpanKind.CONSUMER, 4)
      const found = spans.map(({ attributes }) => String(attributes['tenant.id']))
      assert.deepEqual(found.toSorted(), names.toSorted())
    },
  },
  {
    name: 'begins a trace for a message without headers',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, () => tenant.get())
      await messaging.plant('one', {})
      assert.deepEqual(await done, [undefined])
      const consumer = await consumerOf(recorder)
      assert.equal(consumer.parentSpanContext, undefined)
    },
  },
  {
    name: 'takes no harm from headers of any type, and handles the next message as ever',
    check: async ({ connect, recorder, system }) => {
      const messaging = await connect()
      const count = system.hostile.length + 1
      const { done } = await consumeAll(messaging, count, ({ body }) => [body, tenant.get()])
      for (const value of system.hostile) {
        await messaging.plant('odd', { traceparent: value, baggage: value, tracestate: value })
      }
      await withinRequestOf('acme', () => messaging.send('good'))
      const seen = new Map((await done) as [string, string | undefined][])
      assert.equal(seen.get('good'), 'acme')
      assert.equal(seen.get('odd'), undefined)
      const spans = await spansOf(recorder, SpanKind.CONSUMER, count)
      assert.equal(spans.filter(({ parentSpanContext }) => parentSpanContext).length, 1)
    },
  },
  {
    name: 'believes nothing of a message from the edge, and links to who sent it',
    check: async ({ connect, recorder }) => {
      const messaging = await connect({ trust: 'edge' })
      const { done } = await consumeAll(messaging, 1, () => tenant.get())
      const traceparent = `00-${OTHER_TRACE}-${OTHER_SPAN}-00`
      await messaging.plant('one', { traceparent, baggage: 'tenant.id=forged' })
      assert.deepEqual(await done, [undefined])
      const consumer = await consumerOf(recorder)
      assertSpan(consumer, { parentSpanId: undefined, attributes: { 'tenant.id': undefined } })
      assert.deepEqual(linksOf(consumer), [OTHER_SPAN])
    },
  },
  {
    name: 'handles a message in a trace of its own when told to, with its identity',
    check: async ({ connect, recorder }) => {
      const messaging = await connect({ trace: 'link' })
      const { done } = await consumeAll(messaging, 1, () => tenant.get())
      await withinRequestOf('acme', () => messaging.send('one'))
      assert.deepEqual(await done, ['acme'])
      const producer = await producerOf(recorder)
      const consumer = await consumerOf(recorder)
      assert.notEqual(consumer.spanContext().traceId, producer.spanContext().traceId)
      assert.deepEqual(linksOf(consumer), [producer.spanContext().spanId])
    },
  },
  {
    name: 'records nothing of a message that was sent unsampled, and passes its place on',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, () => [tenant.get(), currentTrace()?.traceId])
      const traceparent = `00-${OTHER_TRACE}-${OTHER_SPAN}-00`
      await messaging.plant('one', { traceparent, baggage: 'tenant.id=acme' })
      assert.deepEqual(await done, [['acme', OTHER_TRACE]])
      assert.deepEqual(recorder.spans(), [])
    },
  },
  {
    name: 'corrects the span of the message by what its handler says',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, () => tenant.set('beta'))
      await withinRequestOf('acme', () => messaging.send('one'))
      assert.deepEqual(await done, [true])
      assertSpan(await consumerOf(recorder), {
        attributes: { 'tenant.id': 'beta' },
        events: ['callchain.identity.conflict'],
      })
    },
  },
  {
    name: 'is one trace over three services, where a handler sends on',
    check: async ({ connect, recorder }) => {
      const first = await connect()
      const second = await connect()
      const { done } = await consumeAll(second, 1, () => tenant.get())
      await consumeAll(first, 1, () => second.send('two'))
      await withinRequestOf('acme', () => first.send('one'))
      assert.deepEqual(await done, ['acme'])
      const spans = await recorder.waitFor(
        (all) => all.filter(({ kind }) => kind === SpanKind.CONSUMER).length === 2,
      )
      assert.equal(new Set(spans.map((span) => span.spanContext().traceId)).size, 1)
    },
  },
  {
    name: 'is not changed by a hook that throws',
    check: async ({ connect, recorder }) => {
      const fail = (): never => {
        throw new Error('a hook')
      }
      const hooks = { trace: fail, destination: fail, ignore: fail, attributes: fail }
      const messaging = await connect(hooks)
      const { done } = await consumeAll(messaging, 1, ({ body }) => body)
      await messaging.send('one')
      assert.deepEqual(await done, ['one'])
      await consumerOf(recorder)
    },
  },
  {
    name: 'changes nothing when it is asked to trace twice',
    check: async ({ connect, recorder }) => {
      const messaging = await connect({}, 2)
      const { done } = await consumeAll(messaging, 1, () => {})
      await messaging.send('one')
      await done
      await producerOf(recorder)
      await consumerOf(recorder)
      assert.equal(recorder.spans().length, 2)
    },
  },
  {
    name: 'traces the instances it was given and no other',
    check: async ({ connect, recorder }) => {
      const untraced = await connect({}, 0)
      const { done } = await consumeAll(untraced, 1, ({ headers }) => headers.traceparent)
      await withinRequest(() => untraced.send('one'))
      assert.deepEqual(await done, [undefined])
      assert.equal(recorder.spans().filter(({ kind }) => kind !== SpanKind.INTERNAL).length, 0)
    },
  },
  {
    name: 'handles a batch in a root with a link to each message, and each by itself when asked to',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { sendBatch, consumeBatches } = messaging
      if (consumeBatches === undefined || sendBatch === undefined) return
      const finished = createSignal<(string | undefined)[]>()
      await withinRequestOf('acme', () => sendBatch(['a', 'b']))
      const seen: (string | undefined)[] = []
      await consumeBatches(async (messages, each) => {
        seen.push(tenant.get())
        for (const message of messages) await each(message, () => seen.push(tenant.get()))
        if (seen.filter((name) => name === 'acme').length === 2) finished.resolve(seen)
      })
      assert.ok((await finished.promise).includes(undefined))
      const producer = await producerOf(recorder)
      const all = await spansOf(recorder, SpanKind.CONSUMER, 3)
      const [batch] = all.filter(({ parentSpanContext }) => parentSpanContext === undefined)
      assert.ok(batch)
      assert.equal(batch.attributes['tenant.id'], undefined)
      assert.ok(linksOf(batch).every((id) => id === producer.spanContext().spanId))
      for (const span of all.filter((each) => each.parentSpanContext !== undefined)) {
        assertSpan(span, { attributes: { 'tenant.id': 'acme' } })
        assert.deepEqual(linksOf(span), [producer.spanContext().spanId])
      }
    },
  },
  {
    name: 'begins a trace for each tick of a repeated job, with a link and nobody’s identity',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { repeat } = messaging
      if (repeat === undefined) return
      const { done } = await consumeAll(messaging, 2, () => tenant.get())
      await withinRequestOf('acme', () => repeat('tick'))
      assert.deepEqual(await done, [undefined, undefined])
      const spans = await spansOf(recorder, SpanKind.CONSUMER, 2)
      for (const span of spans) assert.equal(span.parentSpanContext, undefined)
      assert.equal(new Set(spans.map((span) => span.spanContext().traceId)).size, spans.length)
      assert.ok(spans.every((span) => span.links.length === 1))
    },
  },
]
