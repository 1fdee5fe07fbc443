import { runWithIdentity, tenant } from '@callchain/core'
import { createRecorder } from '@callchain/testing'
import { describe, expect, it } from '@jest/globals'
import { traceKafka } from '../src/kafkajs.ts'

type Handler = (payload: { topic: string; partition: number; message: object }) => unknown

const MESSAGES = 500

const identityOf = (number: number) => ({ 'tenant.id': `tenant-${number}` })

/** A producer and a consumer of kafkajs without a broker between them. */
function withoutBroker() {
  let handle: Handler = () => {}
  const producer = {
    sendBatch: async () => {},
    send: async ({ topic, messages }: { topic: string; messages: object[] }) => {
      for (const message of messages) await handle({ topic, partition: 0, message })
    },
  }
  const consumer = {
    subscribe: async () => {},
    run: async ({ eachMessage }: { eachMessage: Handler }) => {
      handle = eachMessage
    },
  }
  return { producer: traceKafka(producer), consumer: traceKafka(consumer) }
}

describe('Many messages', () => {
  it('end every span that they begin, and leave nothing of one in the next', async () => {
    const recorder = createRecorder()
    const { producer, consumer } = withoutBroker()
    const seen: (string | undefined)[] = []
    await consumer.run({
      eachMessage: ({ message }) => {
        seen.push(tenant.get())
        if (seen.length % 10 === 0) throw new TypeError('no stock')
        return message
      },
    })
    let failed = 0
    for (let number = 0; number < MESSAGES; number += 1) {
      const send = () =>
        producer.send({ topic: 'orders', messages: [Object.freeze({ value: '7' })] })
      const sent = number % 2 === 0 ? runWithIdentity(identityOf(number), send) : send()
      await sent.catch(() => {
        failed += 1
      })
    }
    expect(failed).toBe(MESSAGES / 10)
    const due = (number: number) => (number % 2 === 0 ? `tenant-${number}` : undefined)
    expect(seen).toEqual(Array.from({ length: MESSAGES }, (_, number) => due(number)))
    const spans = recorder.spans()
    // Identity outside a request has a span of its own.
    expect(spans.length).toBe(2.5 * MESSAGES)
    expect(spans.filter(({ status }) => status.code === 2).length).toBe(failed * 2)
    await recorder.shutdown()
  })
})
