import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { libraryLine } from '../../../../test/library-line.ts'
import { traceKafka } from '../../src/kafkajs.ts'
import { behavesAsUntraced } from './story.ts'

const { host } = new URL(process.env.KAFKA_URL ?? 'kafka://127.0.0.1:9092')

behavesAsUntraced(
  libraryLine('kafkajs'),
  { atOnce: 1, retries: true, stopWaits: true },
  async (isTraced) => {
    const traced = <T extends object>(target: T): T => (isTraced ? traceKafka(target) : target)
    const retry = { initialRetryTime: 10, maxRetryTime: 20 }
    const kafka = new Kafka({ brokers: [host], logLevel: logLevel.NOTHING, retry })
    const [topic, groupId] = [`untraced-${randomUUID()}`, `group-${randomUUID()}`]
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] })
    const producer = traced(kafka.producer())
    const consumer = traced(kafka.consumer({ groupId, maxWaitTimeInMs: 50 }))
    await Promise.all([producer.connect(), consumer.connect()])
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    return {
      send: (value) => producer.send({ topic, messages: [{ value }] }),
      consume: (handle) =>
        consumer.run({ eachMessage: ({ message }) => handle(String(message.value)) }),
      ask: () => admin.fetchTopicOffsets(topic),
      stop: () => consumer.stop(),
      left: async () => {
        const [end] = await admin.fetchTopicOffsets(topic)
        const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
        return Number(end?.offset) - Number(committed?.partitions[0]?.offset)
      },
      close: () => Promise.all([consumer, producer, admin].map((each) => each.disconnect())),
    }
  },
)
