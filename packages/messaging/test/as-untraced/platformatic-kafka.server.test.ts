import { randomUUID } from 'node:crypto'
import {
  Admin,
  Consumer,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka'
import { libraryLine } from '../../../../test/library-line.ts'
import { traceMessage } from '../../src/index.ts'
import { tracePlatformaticKafka } from '../../src/platformatic-kafka.ts'
import { behavesAsUntraced } from './story.ts'

const { host } = new URL(process.env.KAFKA_URL ?? 'kafka://127.0.0.1:9092')

behavesAsUntraced(
  libraryLine('@platformatic/kafka'),
  { atOnce: 1, retries: false, stopWaits: true },
  async (isTraced) => {
    const traced = <T extends object>(target: T): T =>
      isTraced ? tracePlatformaticKafka(target) : target
    const base = { clientId: 'untraced', bootstrapBrokers: [host] }
    const [topic, groupId] = [`untraced-${randomUUID()}`, `group-${randomUUID()}`]
    const admin = new Admin(base)
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 })
    const producer = traced(new Producer({ ...base, serializers: stringSerializers }))
    const deserializers = stringDeserializers
    const consumer = traced(new Consumer({ ...base, groupId, maxWaitTime: 50, deserializers }))
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'earliest',
      autocommit: false,
      highWaterMark: 1,
    })
    let loop: Promise<unknown> = Promise.resolve()
    const read = async (handle: (body: string) => Promise<void>): Promise<void> => {
      for await (const message of stream) {
        const run = () => handle(String(message.value))
        await (isTraced ? traceMessage(message, run) : run()).catch(() => {})
        await message.commit()
      }
    }
    return {
      send: (value) => producer.send({ messages: [{ topic, value }] }),
      consume: async (handle) => {
        loop = read(handle)
      },
      ask: () => admin.listTopics(),
      stop: async () => {
        stream.destroy()
        await loop.catch(() => {})
      },
      left: async () => {
        const topics = [{ topic, partitions: [0] }]
        const committed = await consumer.listCommittedOffsets({ topics })
        const ends = await consumer.listOffsets({ topics: [topic] })
        return Number(ends.get(topic)?.[0]) - Number(committed.get(topic)?.[0])
      },
      close: async () => {
        await consumer.close(true)
        await Promise.all([producer.close(), admin.close()])
      },
    }
  },
)
