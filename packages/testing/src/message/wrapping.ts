import assert from 'node:assert/strict'
import { tenant } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ContractPromise } from '../contract.ts'
import { createMetricRecorder } from '../metric-recorder.ts'
import { needed } from '../needed.ts'
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

/** What every wrapper promises about instances, hooks, metrics, and messages that belong together. */
export const wrappingPromises: readonly ContractPromise<MessageStage>[] = [
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
      const consumeBatches = needed(messaging.consumeBatches, 'handler of batches')
      const sendBatch = needed(messaging.sendBatch, 'call that sends several messages')
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
      const repeat = needed(messaging.repeat, 'jobs that repeat')
      const { done } = await consumeAll(messaging, 2, () => tenant.get())
      await withinRequestOf('acme', () => repeat('tick'))
      assert.deepEqual(await done, [undefined, undefined])
      const spans = await spansOf(recorder, SpanKind.CONSUMER, 2)
      for (const span of spans) assert.equal(span.parentSpanContext, undefined)
      assert.equal(new Set(spans.map((span) => span.spanContext().traceId)).size, spans.length)
      assert.ok(spans.every((span) => span.links.length === 1))
    },
  },
  {
    name: 'measures what is sent and what is handled',
    check: async ({ connect, recorder }) => {
      const metrics = createMetricRecorder()
      try {
        const messaging = await connect()
        const { done } = await consumeAll(messaging, 1, () => {})
        await messaging.send('one')
        await done
        await spansOf(recorder, SpanKind.CONSUMER, 1)
        for (const [name, sum] of [
          ['messaging.client.sent.messages', 1],
          ['messaging.client.consumed.messages', 1],
        ] as const) {
          assert.deepEqual(
            (await metrics.points(name)).map((point) => point.sum),
            [sum],
            name,
          )
        }
        for (const name of ['messaging.client.operation.duration', 'messaging.process.duration']) {
          const points = await metrics.points(name)
          assert.deepEqual(
            points.map(({ count }) => count),
            [1],
            name,
          )
          assert.equal(typeof points[0]?.attributes['messaging.system'], 'string')
        }
      } finally {
        await metrics.shutdown()
      }
    },
  },
]
