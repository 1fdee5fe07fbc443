import assert from 'node:assert/strict'
import { context, SpanKind } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { assertSpan } from '../assert-span.ts'
import type { ContractPromise } from '../contract.ts'
import { needed } from '../needed.ts'
import { linksOf, producerOf, spansOf, withinRequest, withinRequestOf } from './spans.ts'
import { consumeAll, type MessageStage } from './stage.ts'

const OTHER_TRACE = '0af7651916cd43dd8448eb211c80319c'
const OTHER_SPAN = 'b7ad6b7169203331'
const TRACEPARENT = `00-${OTHER_TRACE}-${OTHER_SPAN}-01`

/** What every wrapper of a messaging system promises about sending. */
export const sendingPromises: readonly ContractPromise<MessageStage>[] = [
  {
    name: 'makes one PRODUCER span for each call, with its name and the required attributes',
    check: async ({ connect, recorder, system }) => {
      const messaging = await connect()
      await messaging.send('one')
      const expected = system.sends(messaging.destination)
      assertSpan(await producerOf(recorder), {
        ...expected,
        kind: SpanKind.PRODUCER,
        status: 'unset',
        parentSpanId: undefined,
      })
    },
  },
  {
    name: 'makes it a child of the request that sends, with three of them at once',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const parents = await Promise.all(
        ['a', 'b', 'c'].map((body) =>
          withinRequest(async (span) => {
            await messaging.send(body)
            return span.spanContext().spanId
          }),
        ),
      )
      const spans = await spansOf(recorder, SpanKind.PRODUCER, 3)
      const found = spans.map(({ parentSpanContext }) => parentSpanContext?.spanId)
      assert.deepEqual(found.toSorted(), parents.toSorted())
    },
  },
  {
    name: 'writes the trace of that span into the message',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, ({ headers }) => headers.traceparent)
      await messaging.send('one')
      const { traceId, spanId } = (await producerOf(recorder)).spanContext()
      assert.deepEqual(await done, [`00-${traceId}-${spanId}-03`])
    },
  },
  {
    name: 'makes one span for several messages sent at once, and writes it into each',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const sendBatch = needed(messaging.sendBatch, 'call that sends several messages')
      const { done } = await consumeAll(messaging, 3, ({ headers }) => headers.traceparent)
      await sendBatch(['a', 'b', 'c'])
      const span = await producerOf(recorder)
      assert.equal(span.attributes['messaging.batch.message_count'], 3)
      const { traceId, spanId } = span.spanContext()
      assert.deepEqual(new Set(await done), new Set([`00-${traceId}-${spanId}-03`]))
    },
  },
  {
    name: 'marks a call that fails, and hands its error on as it is',
    check: async ({ connect, recorder, system }) => {
      const untraced = await connect({}, 0)
      const messaging = await connect()
      const expected = await outcomeOf(needed(untraced.sendRefused, 'message that it refuses'))
      const sendRefused = needed(messaging.sendRefused, 'message that it refuses')
      assert.deepEqual(await outcomeOf(sendRefused), expected)
      const span = await producerOf(recorder)
      assertSpan(span, {
        status: 'error',
        events: ['exception'],
        attributes: { 'error.type': system.refusal },
      })
    },
  },
  {
    name: 'touches neither the message nor its headers, and takes frozen ones',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const sendFrozen = needed(messaging.sendFrozen, 'objects that can be frozen')
      assert.equal(await sendFrozen('one'), true)
      await producerOf(recorder)
    },
  },
  {
    name: 'sends one traceparent, replaces that of a forwarded message and links to it',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, ({ headers }) => headers)
      await withinRequest(() => messaging.send('one', { traceparent: TRACEPARENT, own: 'kept' }))
      const span = await producerOf(recorder)
      assert.deepEqual(linksOf(span), [OTHER_SPAN])
      const [headers] = await done
      const { traceId, spanId } = span.spanContext()
      assert.equal(headers?.traceparent, `00-${traceId}-${spanId}-03`)
      assert.equal(headers?.own, 'kept')
    },
  },
  {
    name: 'keeps the trace that the application has put in where no other is active',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, ({ headers }) => headers.traceparent)
      await messaging.send('one', { traceparent: TRACEPARENT })
      assert.deepEqual(await done, [TRACEPARENT])
      const [span] = await spansOf(recorder, SpanKind.CLIENT, 1)
      assert.ok(span)
      assert.deepEqual(linksOf(span), [OTHER_SPAN])
    },
  },
  {
    name: 'writes identity first into the baggage, before what the application has put there',
    check: async ({ connect }) => {
      const messaging = await connect()
      const { done } = await consumeAll(messaging, 1, ({ headers }) => headers.baggage)
      await withinRequestOf('acme', () => messaging.send('one', { baggage: 'own=1' }))
      assert.deepEqual(await done, ['tenant.id=acme,user.id=ada,own=1'])
    },
  },
  {
    name: 'writes neither trace nor identity when told not to',
    check: async ({ connect, recorder }) => {
      const messaging = await connect({ send: { trace: 'none', identity: 'none' } })
      const { done } = await consumeAll(messaging, 1, ({ headers }) => headers)
      await withinRequestOf('acme', () => messaging.send('one'))
      const [headers] = await done
      assert.equal(headers?.traceparent, undefined)
      assert.equal(headers?.baggage, undefined)
      await producerOf(recorder)
    },
  },
  {
    name: 'sends what just fits without tracing',
    check: async ({ connect }) => {
      const messaging = await connect()
      const sendLargest = needed(messaging.sendLargest, 'limit that is known')
      await withinRequestOf('acme', sendLargest)
    },
  },
  {
    name: 'makes no span and writes nothing where tracing is switched off or the queue is ignored',
    check: async ({ connect, recorder }) => {
      const messaging = await connect({ ignore: () => true })
      const { done } = await consumeAll(messaging, 2, ({ headers }) => headers.traceparent)
      await messaging.send('one')
      await context.with(suppressTracing(context.active()), () => messaging.send('two'))
      assert.deepEqual(await done, [undefined, undefined])
      assert.deepEqual(recorder.spans(), [])
    },
  },
]

async function outcomeOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    const { name, message } = error as Error
    return { name, message }
  }
  throw new Error('it was not refused')
}
