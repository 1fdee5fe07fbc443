import assert from 'node:assert/strict'
import { currentTrace, tenant, user } from '@callchain/core'
import { identityLogFields } from '@callchain/core/internal'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ContractPromise } from '../contract.ts'
import { outboundHeaders } from '../outbound.ts'
import { consumerOf, linksOf, producerOf, spansOf, withinRequestOf } from './spans.ts'
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
]
