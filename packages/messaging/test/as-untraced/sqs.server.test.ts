import { randomUUID } from 'node:crypto'
import * as sqs from '@aws-sdk/client-sqs'
import { libraryLine } from '../../../../test/library-line.ts'
import { traceMessage } from '../../src/index.ts'
import { traceSqs } from '../../src/sqs.ts'
import { behavesAsUntraced } from './story.ts'

const settings = {
  endpoint: process.env.SQS_URL ?? 'http://127.0.0.1:9324',
  region: 'eu-central-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
}

behavesAsUntraced(
  `A loop of ${libraryLine('@aws-sdk/client-sqs')}`,
  { atOnce: 1, retries: true, stopWaits: true },
  async (isTraced) => {
    const client = new sqs.SQSClient(settings)
    if (isTraced) traceSqs(client)
    // One that keeps the order.
    const QueueName = `untraced-${randomUUID()}.fifo`
    const Attributes = { FifoQueue: 'true', VisibilityTimeout: '30' }
    const created = await client.send(new sqs.CreateQueueCommand({ QueueName, Attributes }))
    const QueueUrl = String(created.QueueUrl)
    const stopping = new AbortController()
    let loop: Promise<unknown> = Promise.resolve()
    const handleOne = async (message: sqs.Message, handle: (body: string) => Promise<void>) => {
      const receipt = { QueueUrl, ReceiptHandle: message.ReceiptHandle }
      const run = () => handle(message.Body ?? '')
      try {
        await (isTraced ? traceMessage(message, run) : run())
        await client.send(new sqs.DeleteMessageCommand(receipt))
      } catch {
        const again = { ...receipt, VisibilityTimeout: 0 }
        await client.send(new sqs.ChangeMessageVisibilityCommand(again))
      }
    }
    const consume = async (handle: (body: string) => Promise<void>): Promise<void> => {
      const next = new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 })
      while (!stopping.signal.aborted) {
        const options = { abortSignal: stopping.signal }
        const { Messages = [] } = await client.send(next, options)
        for (const message of Messages) await handleOne(message, handle)
      }
    }
    const ask = () =>
      client.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    return {
      send: (MessageBody) => {
        const order = { MessageGroupId: 'one', MessageDeduplicationId: randomUUID() }
        return client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody, ...order }))
      },
      consume: async (handle) => {
        loop = consume(handle)
      },
      ask,
      stop: async () => {
        stopping.abort()
        await loop
      },
      left: async () => {
        const { Attributes: counts = {} } = await ask()
        const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } =
          counts
        return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible)
      },
      close: async () => {
        await client.send(new sqs.DeleteQueueCommand({ QueueUrl }))
        client.destroy()
      },
    }
  },
)
