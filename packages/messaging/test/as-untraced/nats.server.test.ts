import { randomUUID } from 'node:crypto'
import { createRecorder } from '@callchain/testing'
import { expect, it } from '@jest/globals'
import { type ConsumerMessages, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { libraryLine } from '../../../../test/library-line.ts'
import { traceJetStream, traceNats } from '../../src/nats.ts'
import { behavesAsUntraced } from './story.ts'

const servers = process.env.NATS_URL ?? 'nats://127.0.0.1:4222'

for (const atOnce of [1, 2])
  behavesAsUntraced(
    `JetStream of ${libraryLine('@nats-io/jetstream')}`,
    { atOnce, retries: true, stopWaits: false },
    async (isTraced) => {
      const nc = await connect({ servers })
      const js = isTraced ? traceJetStream(jetstream(nc)) : jetstream(nc)
      const manager = await jetstreamManager(nc)
      const name = `untraced-${randomUUID()}`
      await manager.streams.add({ name, subjects: [name], storage: 'memory' })
      const durable = {
        durable_name: 'billing',
        ack_policy: 'explicit',
        max_ack_pending: atOnce,
      } as const
      await manager.consumers.add(name, durable)
      const started: ConsumerMessages[] = []
      return {
        send: (body) => js.publish(name, body),
        consume: async (handle) => {
          const consumer = await js.consumers.get(name, 'billing')
          const messages = await consumer.consume({
            callback: (message) => {
              const acknowledge = () => message.ack()
              void handle(message.string()).then(acknowledge, () => message.nak())
            },
          })
          started.push(messages)
        },
        ask: () => nc.flush(),
        stop: () => Promise.all(started.map((messages) => messages.close())),
        left: async () => {
          const { num_ack_pending, num_pending } = await manager.consumers.info(name, 'billing')
          return num_ack_pending + num_pending
        },
        close: async () => {
          await manager.streams.delete(name)
          await nc.close()
        },
      }
    },
  )

it('delivers in order, holds nothing back and drains as without tracing', async () => {
  const runOn = async (nc: NatsConnection): Promise<unknown[]> => {
    const subject = `untraced-${randomUUID()}`
    const events: unknown[] = []
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const subscription = nc.subscribe(subject, {
      max: 3,
      callback: (_, message) => {
        events.push(message.string())
        void released.then(() => events.push(`${message.string()} handled, ${message.respond()}`))
      },
    })
    for (const body of ['1', '2', '3', '4']) nc.publish(subject, body)
    await nc.flush()
    events.push(subscription.getReceived(), subscription.getProcessed(), subscription.isClosed())
    release()
    await new Promise(setImmediate)
    await nc.drain()
    events.push(nc.isClosed())
    return events
  }
  const expected = await runOn(await connect({ servers }))
  const recorder = createRecorder()
  expect(await runOn(traceNats(await connect({ servers })))).toEqual(expected)
  expect(expected.slice(0, 3)).toEqual(['1', '2', '3'])
  expect(recorder.spans()).toHaveLength(4 + 3)
  await recorder.shutdown()
})
