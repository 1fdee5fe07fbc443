import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { Message, MessageAttributeValue, SQSClient } from '@aws-sdk/client-sqs'
import * as newest from '@aws-sdk/client-sqs'
import { runWithIdentity, tenant } from '@callchain/core'
import {
  createRecorder,
  type HandledMessage,
  type MessageHandler,
  type MessagingUnderTest,
  messageContract,
  type Recorder,
} from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import * as oldest from 'aws-sqs-3.723'
import { libraryLine } from '../../../test/library-line.ts'
import { traceMessage } from '../src/index.ts'
import { traceSqs } from '../src/sqs.ts'

const endpoint = process.env.SQS_URL ?? 'http://127.0.0.1:9324'
const { hostname, port } = new URL(endpoint)
const settings = {
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
}

/** The newest that we serve, and the oldest. */
const lines: Readonly<Record<string, typeof newest>> = {
  [libraryLine('@aws-sdk/client-sqs')]: newest,
  [libraryLine('@aws-sdk/client-sqs', 'aws-sqs-3.723')]: oldest as unknown as typeof newest,
}

/** What SQS does not have. */
const gaps = {
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'messages are fetched, and handled one by one',
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'a queue repeats nothing',
  'makes a failed span of a message that its handler refuses without throwing':
    'what is not deleted comes again; nothing is refused',
  'ends the span of a handler without a promise when the message is acknowledged':
    'the span of traceMessage ends with its function',
}

describe.each(Object.entries(lines))('%s', (line, sdk) => {
  const createQueue = async (client: SQSClient, attributes: Record<string, string> = {}) => {
    const QueueName = `contract-${randomUUID()}`
    const created = await client.send(
      new sdk.CreateQueueCommand({ QueueName, Attributes: attributes }),
    )
    return { name: QueueName, QueueUrl: String(created.QueueUrl) }
  }

  function underTest(): MessagingUnderTest {
    return {
      retries: true,
      refusal: 'QueueDoesNotExist',
      hostile: [7, Buffer.from([0xff, 0xfe]), 'x', 'x'.repeat(15_000)],
      sends: (destination) => ({
        name: `send ${destination}`,
        attributes: attributesOf(destination, 'send', 'send'),
      }),
      processes: (destination) => ({
        name: `process ${destination}`,
        attributes: {
          ...attributesOf(destination, 'process', 'process'),
          'callchain.message.attempt': 1,
        },
      }),
      connect: async ({ trace, options }) => {
        const [client, plain] = [new sdk.SQSClient(settings), new sdk.SQSClient(settings)]
        for (let time = 0; time < trace; time += 1) expect(traceSqs(client, options)).toBe(client)
        const { name, QueueUrl } = await createQueue(plain)
        const closing = new AbortController()
        const loops: Promise<void>[] = []
        const consume = async (handle: MessageHandler): Promise<void> => {
          while (!closing.signal.aborted) {
            const { Messages = [] } = await client.send(
              new sdk.ReceiveMessageCommand({
                QueueUrl,
                MessageAttributeNames: ['All'],
                MaxNumberOfMessages: 10,
                WaitTimeSeconds: 1,
              }),
              { abortSignal: closing.signal },
            )
            await Promise.all(Messages.map((message) => handleOne(message, handle)))
          }
        }
        const handleOne = async (message: Message, handle: MessageHandler) => {
          const receipt = { QueueUrl, ReceiptHandle: message.ReceiptHandle }
          const acknowledge = () =>
            // The queue may be gone when it arrives.
            void client.send(new sdk.DeleteMessageCommand(receipt)).catch(() => {})
          const handled = { ...handledOf(message), acknowledge }
          // An untraced client hands over nothing that traceMessage knows.
          const run = trace === 0 ? handle(handled) : traceMessage(message, () => handle(handled))
          await Promise.resolve(run).catch(() =>
            client.send(
              new sdk.ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: 0 }),
            ),
          )
        }
        return {
          destination: name,
          send: (MessageBody, headers) =>
            client.send(
              new sdk.SendMessageCommand({
                QueueUrl,
                MessageBody,
                ...(headers && { MessageAttributes: attributesFrom(headers) }),
              }),
            ),
          sendFrozen: async (MessageBody) => {
            const own = Object.freeze({ DataType: 'Number', StringValue: '7' })
            const MessageAttributes = Object.freeze({ own })
            const input = Object.freeze({ QueueUrl, MessageBody, MessageAttributes })
            await client.send(new sdk.SendMessageCommand(input))
            return Object.keys(MessageAttributes).join() === 'own'
          },
          sendBatch: (bodies) =>
            client.send(
              new sdk.SendMessageBatchCommand({
                QueueUrl,
                Entries: bodies.map((MessageBody, index) => ({ Id: `m${index}`, MessageBody })),
              }),
            ),
          sendRefused: () =>
            client.send(
              new sdk.SendMessageCommand({ QueueUrl: `${endpoint}/none`, MessageBody: 'x' }),
            ),
          sendLargest: () =>
            client.send(
              new sdk.SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(1_048_576) }),
            ),
          plant: (MessageBody, headers) =>
            plain.send(
              new sdk.SendMessageCommand({
                QueueUrl,
                MessageBody,
                MessageAttributes: attributesFrom(headers),
              }),
            ),
          consume: async (handle) => {
            // The loop is the application's: begun inside a request, it is linked to it as long as that lasts.
            context.with(ROOT_CONTEXT, () => loops.push(consume(handle).catch(() => {})))
          },
          close: async () => {
            closing.abort()
            await Promise.all(loops)
            await plain.send(new sdk.DeleteQueueCommand({ QueueUrl }))
            client.destroy()
            plain.destroy()
          },
        }
      },
    }
  }

  messageContract({ name: `ElasticMQ of ${line}`, system: underTest(), gaps })
  if (line === Object.keys(lines)[0]) {
    messageContract({
      name: `ElasticMQ of ${line}, with the spans of the recorder`,
      system: underTest(),
      gaps,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  describe('traceSqs()', () => {
    let recorder: Recorder
    let client: SQSClient
    let QueueUrl: string
    beforeEach(async () => {
      recorder = createRecorder()
      client = traceSqs(new sdk.SQSClient(settings))
      QueueUrl = (await createQueue(client)).QueueUrl
    })
    afterEach(async () => {
      await client.send(new sdk.DeleteQueueCommand({ QueueUrl }))
      client.destroy()
      await recorder.shutdown()
    })

    const send = (more: object = {}) =>
      runWithIdentity({ 'tenant.id': 'acme' }, () =>
        client.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: '1', ...more })),
      )
    const receive = async (more: object = {}): Promise<Message> => {
      const input = { QueueUrl, WaitTimeSeconds: 5, ...more }
      const { Messages = [] } = await client.send(new sdk.ReceiveMessageCommand(input))
      return Messages[0] ?? {}
    }
    const spanOf = (kind: SpanKind) => recorder.spans().find((span) => span.kind === kind)
    const expectChild = () =>
      expect(spanOf(SpanKind.CONSUMER)?.parentSpanContext?.spanId).toBe(
        spanOf(SpanKind.PRODUCER)?.spanContext().spanId,
      )
    const tenOf = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `own${index}`,
          { DataType: 'String', StringValue: 'x' },
        ]),
      )

    it('gives the application the attributes that it has asked for, and no other', async () => {
      await send({ MessageAttributes: tenOf(1) })
      const message = await receive({ VisibilityTimeout: 0 })
      expect(Object.keys(message)).not.toContain('MessageAttributes')
      expect(Object.keys(message)).not.toContain('Attributes')
      expect(traceMessage(message, () => tenant.get())).toBe('acme')
      const asked = await receive({
        MessageAttributeNames: ['own.*', 'own0'],
        AttributeNames: ['SentTimestamp'],
      })
      expect(Object.keys(asked.MessageAttributes ?? {})).toEqual(['own0'])
      expect(Object.keys(asked.Attributes ?? {})).toEqual(['SentTimestamp'])
      expect(traceMessage(asked, () => tenant.get())).toBe('acme')
    })

    it('has nothing of the request in which its loop was begun, but a link while that lasts', async () => {
      const seen: unknown[] = []
      const request = trace.getTracer('test').startSpan('request')
      await context.with(trace.setSpan(context.active(), request), async () => {
        for (const isOver of [false, true]) {
          if (isOver) request.end()
          await runWithIdentity({ 'tenant.id': 'starter' }, async () => {
            const plain = new sdk.SQSClient(settings)
            await plain.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: '1' }))
            plain.destroy()
            traceMessage(await receive(), () => seen.push(tenant.get()))
          })
        }
      })
      expect(seen).toEqual([undefined, undefined])
      const handled = recorder.spans().filter(({ kind }) => kind === SpanKind.CONSUMER)
      expect(handled.map(({ parentSpanContext }) => parentSpanContext)).toEqual([
        undefined,
        undefined,
      ])
      const { spanId } = request.spanContext()
      expect(handled.map(({ links }) => links.map((link) => link.context.spanId))).toEqual([
        [spanId],
        [],
      ])
    })

    it('says which delivery it is, and how long it has waited', async () => {
      await send()
      traceMessage(await receive({ VisibilityTimeout: 0 }), () => {})
      traceMessage(await receive(), () => {})
      const handled = recorder.spans().filter(({ kind }) => kind === SpanKind.CONSUMER)
      expect(handled.map(({ attributes }) => attributes['callchain.message.attempt'])).toEqual([
        1, 2,
      ])
      for (const { attributes } of handled) {
        expect(attributes['callchain.message.age']).toBeGreaterThanOrEqual(0)
        expect(attributes['messaging.message.id']).toMatch(/^[0-9a-f-]{36}$/)
      }
    })

    it.each([
      [8, 'acme'],
      [9, undefined],
      [10, undefined],
    ])('sends %i attributes of the application with what has room', async (count, seen) => {
      await send({ MessageAttributes: tenOf(count) })
      const message = await receive({ MessageAttributeNames: ['All'] })
      expect(Object.keys(message.MessageAttributes ?? {})).toHaveLength(10)
      expect(traceMessage(message, () => tenant.get())).toBe(seen)
      // With ten, the trace is where X-Ray has its own.
      expectChild()
    })

    it('leaves its headers out where they would make the message too large for an older queue', async () => {
      await send({ MessageBody: 'x'.repeat(262_144) })
      const message = await receive({ MessageAttributeNames: ['All'] })
      expect(message.MessageAttributes).toBeUndefined()
    })

    it('marks a batch of which a part has failed', async () => {
      const Entries = [
        { Id: 'a', MessageBody: 'good' },
        { Id: 'b', MessageBody: 'odd \u0001' },
      ]
      const { Failed = [] } = await client
        .send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }))
        .catch(() => ({ Failed: undefined }))
      const [span] = await recorder.waitFor(1)
      expect(span?.attributes['error.type']).toBe(Failed[0]?.Code ?? 'InvalidMessageContents')
      expect(span?.attributes['messaging.batch.message_count']).toBe(2)
    })

    it('joins what was sent into a dead letter queue', async () => {
      const dead = await createQueue(client)
      const arn = await client.send(
        new sdk.GetQueueAttributesCommand({
          QueueUrl: dead.QueueUrl,
          AttributeNames: ['QueueArn'],
        }),
      )
      const RedrivePolicy = JSON.stringify({
        deadLetterTargetArn: arn.Attributes?.QueueArn,
        maxReceiveCount: 1,
      })
      await client.send(
        new sdk.SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }),
      )
      await send()
      await receive({ VisibilityTimeout: 0 })
      await client.send(new sdk.ReceiveMessageCommand({ QueueUrl }))
      const message = await receive({ QueueUrl: dead.QueueUrl })
      expect(traceMessage(message, () => tenant.get())).toBe('acme')
      expect(spanOf(SpanKind.CONSUMER)?.name).toBe(`process ${dead.name}`)
      expectChild()
    })

    // No server of SNS can be had here: one that answers as SNS does stands in for it.
    describe('with SNS', () => {
      let sns: SNSClient
      let bodies: URLSearchParams[]
      let stop: () => void
      beforeEach(async () => {
        bodies = []
        const server = createServer(async (request, response) => {
          let body = ''
          for await (const chunk of request) body += chunk
          const sent = new URLSearchParams(body)
          bodies.push(sent)
          const action = sent.get('Action')
          response.end(
            `<${action}Response><${action}Result><MessageId>m</MessageId></${action}Result></${action}Response>`,
          )
        }).listen(0, '127.0.0.1')
        await once(server, 'listening')
        const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        sns = traceSqs(new SNSClient({ ...settings, endpoint: address }))
        stop = () => {
          sns.destroy()
          server.close()
        }
      })
      afterEach(() => stop())

      /** The attributes that were published: `…entry.1.Name`, `…entry.1.Value.StringValue`. */
      const published = (): Record<string, string> => {
        const found: Record<string, string> = {}
        for (const [key, name] of bodies[0] ?? []) {
          if (!key.endsWith('.Name')) continue
          found[name] = bodies[0]?.get(key.replace(/Name$/, 'Value.StringValue')) ?? ''
        }
        return found
      }
      const publish = () =>
        runWithIdentity({ 'tenant.id': 'acme' }, () =>
          sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu:1:paid', Message: '7' })),
        )

      it.each(['an envelope', 'raw'])('joins what comes through a topic as %s', async (form) => {
        await publish()
        expect(spanOf(SpanKind.PRODUCER)?.name).toBe('publish paid')
        expect(spanOf(SpanKind.PRODUCER)?.attributes).toMatchObject({
          'messaging.system': 'aws.sns',
          'messaging.message.id': 'm',
        })
        const attributes = Object.entries(published())
        const envelope = {
          Type: 'Notification',
          TopicArn: 'arn:aws:sns:eu:1:paid',
          Message: '7',
          MessageAttributes: Object.fromEntries(
            attributes.map(([name, Value]) => [name, { Type: 'String', Value }]),
          ),
        }
        const plain = new sdk.SQSClient(settings)
        await plain.send(
          new sdk.SendMessageCommand({
            QueueUrl,
            MessageBody: form === 'raw' ? '7' : JSON.stringify(envelope),
            ...(form === 'raw' && { MessageAttributes: attributesFrom(published()) }),
          }),
        )
        plain.destroy()
        expect(traceMessage(await receive(), () => tenant.get())).toBe('acme')
        expectChild()
      })

      it('makes one span for a batch', async () => {
        const PublishBatchRequestEntries = [
          { Id: 'a', Message: '1' },
          { Id: 'b', Message: '2' },
        ]
        const TopicArn = 'arn:aws:sns:eu:1:paid'
        await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
        const [span] = await recorder.waitFor(1)
        expect(span?.attributes['messaging.batch.message_count']).toBe(2)
        expect([...(bodies[0] ?? [])].filter(([, value]) => value === 'traceparent')).toHaveLength(
          2,
        )
      })
    })

    it.each([
      '{',
      '{"TopicArn":1}',
      '{"TopicArn":"x","Type":"Notification","MessageAttributes":[1]}',
    ])('takes a body that only looks like an envelope for what it is: %s', async (MessageBody) => {
      const plain = new sdk.SQSClient(settings)
      await plain.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody }))
      plain.destroy()
      expect(traceMessage(await receive(), () => tenant.get())).toBeUndefined()
      expect(spanOf(SpanKind.CONSUMER)?.parentSpanContext).toBeUndefined()
    })
  })

  it('refuses what it cannot trace', () => {
    expect(() => traceSqs({})).toThrow(/traceSqs\(\) takes a client of AWS SDK 3 for SQS or SNS/)
    const other = {
      send: () => {},
      middlewareStack: { add: () => {} },
      config: { serviceId: 'S3' },
    }
    expect(() => traceSqs(other)).toThrow(/traceSqs\(\)/)
  })
})

function attributesFrom(headers: Readonly<Record<string, unknown>>) {
  const attributes: Record<string, MessageAttributeValue> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value instanceof Uint8Array) attributes[name] = { DataType: 'Binary', BinaryValue: value }
    else {
      const DataType = typeof value === 'number' ? 'Number' : 'String'
      attributes[name] = { DataType, StringValue: String(value) }
    }
  }
  return attributes
}

function handledOf({ Body, MessageAttributes = {} }: Message): HandledMessage {
  const headers = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
    name,
    StringValue,
  ])
  return { body: String(Body), headers: Object.fromEntries(headers) }
}

function attributesOf(destination: string, operation: string, type: string) {
  return {
    'messaging.system': 'aws_sqs',
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
    'messaging.destination.name': destination,
    'server.address': hostname,
    'server.port': Number(port),
  }
}
