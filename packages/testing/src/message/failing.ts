import assert from 'node:assert/strict'
import { tenant } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import type { ContractPromise } from '../contract.ts'
import { needed } from '../needed.ts'
import { createSignal } from '../signal.ts'
import { linksOf, producerOf, spansOf, withinRequestOf } from './spans.ts'
import type { ConnectedMessaging, HandledMessage, MessageStage } from './stage.ts'

// Of the application's own: some libraries take built-in ones for bugs, and retry nothing.
class HandlerFailed extends Error {}

/** What every wrapper of a messaging system promises about handlers that fail. */
export const failingPromises: readonly ContractPromise<MessageStage>[] = [
  {
    name: 'makes a failed span of each attempt, a sibling of the others, and leaves retrying to the system',
    check: async ({ connect, recorder, system }) => {
      assert.ok(system.retries, 'the system does not retry')
      const expected = await attemptsOf(await connect({}, 0))
      const messaging = await connect()
      const seen = await withinRequestOf('acme', async () => attemptsOf(messaging))
      assert.deepEqual(
        seen.map(({ body }) => body),
        expected.map(({ body }) => body),
      )
      assert.deepEqual(
        seen.map((each) => each.tenant),
        ['acme', 'acme'],
      )
      const producer = await producerOf(recorder)
      const [first, second] = await spansOf(recorder, SpanKind.CONSUMER, 2)
      assertSpan(first, {
        status: 'error',
        events: ['exception'],
        attributes: { 'error.type': 'HandlerFailed' },
      })
      assertSpan(second, { status: 'unset', events: [] })
      for (const span of [first, second]) {
        assert.equal(span?.parentSpanContext?.spanId, producer.spanContext().spanId)
        assert.deepEqual(span && linksOf(span), [producer.spanContext().spanId])
      }
    },
  },
  {
    name: 'has the broker deliver what it delivers without tracing, in the same order',
    check: async ({ connect, system }) => {
      const expected = await deliveriesOf(await connect({}, 0), system.retries)
      assert.deepEqual(await deliveriesOf(await connect(), system.retries), expected)
    },
  },
  {
    name: 'makes a failed span of a message that its handler refuses without throwing',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const refused = createSignal<HandledMessage>()
      await messaging.consume(async (message) => {
        message.refuse?.()
        refused.resolve(message)
      })
      await messaging.send('one')
      needed((await refused.promise).refuse, 'way to refuse a message but to throw')
      const [span] = await spansOf(recorder, SpanKind.CONSUMER, 1)
      assertSpan(span, { status: 'error', events: [] })
    },
  },
  {
    name: 'makes a failed span of a handler that throws after it has said that it was done',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const done = createSignal<HandledMessage>()
      await messaging.consume(async (message) => {
        message.acknowledge?.()
        await null
        done.resolve(message)
        if (message.acknowledge !== undefined) throw new HandlerFailed('late')
      })
      await messaging.send('one')
      needed((await done.promise).acknowledge, 'acknowledgement by the handler')
      const [span] = await spansOf(recorder, SpanKind.CONSUMER, 1)
      assertSpan(span, { status: 'error', attributes: { 'error.type': 'HandlerFailed' } })
    },
  },
  {
    name: 'ends the span of a handler without a promise when the message is acknowledged',
    check: async ({ connect, recorder }) => {
      const messaging = await connect()
      const acknowledging = createSignal<(() => void) | undefined>()
      await messaging.consume((message) => {
        const { acknowledge } = message
        acknowledging.resolve(acknowledge && (() => message.acknowledge?.()))
      })
      await messaging.send('one')
      const acknowledge = needed(await acknowledging.promise, 'acknowledgement by the handler')
      assert.equal(recorder.open().filter(({ kind }) => kind === SpanKind.CONSUMER).length, 1)
      acknowledge()
      const [span] = await spansOf(recorder, SpanKind.CONSUMER, 1)
      assertSpan(span, { status: 'unset' })
    },
  },
]

interface Attempt {
  readonly body: string
  readonly tenant: string | undefined
}

/** Sends one message, whose handler fails at first. */
async function attemptsOf(messaging: ConnectedMessaging): Promise<Attempt[]> {
  const attempts: Attempt[] = []
  const succeeded = createSignal()
  await messaging.consume(async (message) => {
    attempts.push({ body: message.body, tenant: tenant.get() })
    if (attempts.length === 1) {
      message.refuse?.()
      throw new HandlerFailed('at first')
    }
    message.acknowledge?.()
    succeeded.resolve()
  })
  await messaging.send('one')
  await succeeded.promise
  return attempts
}

/** Sends three messages, of which the second fails at first where it comes again, and says what came. */
async function deliveriesOf(messaging: ConnectedMessaging, retries: boolean): Promise<string[]> {
  const delivered: string[] = []
  let came = createSignal()
  const isLast = (body: string) =>
    body !== 'two' || !retries || delivered.indexOf(body) < delivered.lastIndexOf(body)
  await messaging.consume(async (message) => {
    delivered.push(message.body)
    if (!isLast(message.body)) {
      message.refuse?.()
      throw new HandlerFailed('at first')
    }
    message.acknowledge?.()
    came.resolve()
  })
  for (const body of ['one', 'two', 'three']) {
    came = createSignal()
    await messaging.send(body)
    await came.promise
  }
  return delivered
}
