import type { Settings } from '../setting.ts'

const NO_BROKER = 'no broker runs here; the contract of the package runs the clients'

/** The examples of @callchain/messaging. */
export const messaging: Settings = {
  'messaging/traceAmqp': {
    onlyCompiled: NO_BROKER,
    before: `import { traceAmqp } from '@callchain/messaging/amqplib'
interface Channel {
  sendToQueue(queue: string, content: Buffer): boolean
  consume(queue: string, handle: (message: object) => unknown): Promise<unknown>
  ack(message: object): void
}
declare const connection: { createChannel(): Promise<Channel> }
declare function handle(message: object): Promise<void>`,
  },
  'messaging/traceBull': {
    onlyCompiled: NO_BROKER,
    before: `import { traceBull } from '@callchain/messaging/bullmq'
import { Queue, Worker } from 'bullmq'
declare const connection: { host: string }
declare function send(data: unknown): Promise<void>`,
  },
  'messaging/traceKafka': {
    onlyCompiled: NO_BROKER,
    before: `import { traceKafka } from '@callchain/messaging/kafkajs'
import { Kafka } from 'kafkajs'
const kafka = new Kafka({ brokers: [] })
declare function handle(message: object): Promise<void>`,
  },
  'messaging/tracePlatformaticKafka': {
    onlyCompiled: NO_BROKER,
    before: `import { traceMessage } from '@callchain/messaging'
import { tracePlatformaticKafka } from '@callchain/messaging/platformatic-kafka'
import { Consumer, Producer } from '@platformatic/kafka'
const bootstrapBrokers: string[] = []
declare function handle(message: object): Promise<void>`,
  },
  'messaging/pgBossTelemetry': {
    onlyCompiled: NO_BROKER,
    before: `import { pgBossTelemetry } from '@callchain/messaging/pg-boss'
import { PgBoss } from 'pg-boss'
const connectionString = 'postgres://db'`,
  },
  'messaging/tracePgBoss': {
    onlyCompiled: NO_BROKER,
    before: `import { tracePgBoss } from '@callchain/messaging/pg-boss'
import { PgBoss } from 'pg-boss'
const connectionString = 'postgres://db'
declare function invoice(data: unknown): Promise<void>`,
    instead: { 'job.data': 'job?.data' },
  },
  'messaging/traceNats': {
    onlyCompiled: NO_BROKER,
    before: `import { traceMessage } from '@callchain/messaging'
import { traceNats } from '@callchain/messaging/nats'
import { connect } from '@nats-io/transport-node'
declare function handle(message: object): Promise<void>`,
  },
  'messaging/traceJetStream': {
    onlyCompiled: NO_BROKER,
    before: `import { traceMessage } from '@callchain/messaging'
import { traceJetStream } from '@callchain/messaging/nats'
import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
declare function handle(message: object): Promise<void>`,
  },
  'messaging/traceSqs': {
    onlyCompiled: NO_BROKER,
    before: `import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { traceMessage } from '@callchain/messaging'
import { traceSqs } from '@callchain/messaging/sqs'
const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/1/orders'
declare function handle(message: object): Promise<void>`,
  },
  'messaging/traceMessage': {
    onlyCompiled: NO_BROKER,
    before: `import { traceMessage } from '@callchain/messaging'
import { Kafka } from 'kafkajs'
const consumer = new Kafka({ brokers: [] }).consumer({ groupId: 'billing' })
declare function handle(message: object): Promise<void>`,
  },
  'messaging/messageWith': {
    before: `import { deepStrictEqual } from 'node:assert'
import { messageWith, traceSend } from '@callchain/messaging'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const payload = 'an order'
const client = { publish: (..._: unknown[]) => 'published' }`,
    after: `deepStrictEqual('traceparent' in headers, true)
await expectSpans('publish orders')`,
  },
  'messaging/bullTelemetry': {
    onlyCompiled: NO_BROKER,
    before: `import { bullTelemetry } from '@callchain/messaging/bullmq'
declare const connection: { host: string }
declare const BullModule: { forRoot(options: object): void }`,
  },
  'messaging/traceBullJob': {
    onlyCompiled: NO_BROKER,
    before: `import { traceBullJob } from '@callchain/messaging/bullmq'
declare function resize(data: unknown): Promise<void>`,
    instead: { '(job)': '(job: { data: unknown })' },
  },
  'messaging/traceDelivery': {
    before: `import { EventEmitter } from 'node:events'
import { traceDelivery } from '@callchain/messaging'
import { expectSpans } from '../../test/doc-examples/harness.ts'
interface Packet { properties?: { userProperties?: Record<string, string> } }
const client = new EventEmitter<{ message: [string, string, Packet] }>()
const handle = async (_: string) => {}`,
    after: `client.emit('message', 'orders', 'an order', {})
await expectSpans('process orders')`,
  },
  'messaging/traceSend': {
    before: `import { deepStrictEqual } from 'node:assert'
import { messageWith, traceSend } from '@callchain/messaging'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const payload = 'an order'
const client = { publishAsync: async (..._: unknown[]) => {} }`,
    after: `deepStrictEqual('traceparent' in headers, true)
await expectSpans('publish orders')`,
  },
}
