import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
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
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import * as amqplib2 from 'amqplib'
import * as callbackApi from 'amqplib/callback_api'
import { libraryLine } from '../../../test/library-line.ts'
import { traceAmqp } from '../src/amqplib.ts'
import { traceMessage } from '../src/index.ts'
import { unheard } from './unheard.ts'

const url = process.env.AMQP_URL ?? 'amqp://127.0.0.1'
const port = Number(new URL(url).port)

/** The newest that we serve, and the oldest, which has no types of its own. */
const lines: Readonly<Record<string, typeof amqplib2>> = {
  [libraryLine('amqplib')]: amqplib2,
  [libraryLine('amqplib', 'amqplib-0.10')]: require('amqplib-0.10'),
}

/** What AMQP 0-9-1 does not have. */
const gaps = {
  'makes one span for several messages sent at once, and writes it into each':
    'each message is published by itself',
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'each message is delivered by itself',
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'a broker repeats nothing',
}

describe.each(Object.entries(lines))('%s', (line, { connect }) => {
  const isOld = connect !== amqplib2.connect

  function underTest(confirms: boolean): MessagingUnderTest {
    return {
      retries: true,
      hostile: [
        7,
        null,
        true,
        Buffer.from('x'),
        ['a', 'b'],
        { a: 1 },
        'x'.repeat(isOld ? 1000 : 15_000),
      ],
      refusal: 'TypeError',
      sends: (destination) => expected('publish', 'send', destination),
      processes: (destination) => expected('process', 'process', destination),
      connect: async ({ trace, options }) => {
        const connection = await connect(url)
        const open = async () => {
          const channel = confirms
            ? await connection.createConfirmChannel()
            : await connection.createChannel()
          channel.on('error', () => {})
          for (let time = 0; time < trace; time += 1)
            expect(traceAmqp(channel, options)).toBe(channel)
          return channel
        }
        const [producer, plain] = [await open(), await connection.createChannel()]
        const destination = `contract-${randomUUID()}`
        await plain.assertQueue(destination, { autoDelete: false })
        const publish = (body: string, headers?: Readonly<Record<string, unknown>>) =>
          confirms
            ? new Promise<void>((resolve, reject) => {
                const given = headers === undefined ? undefined : { headers }
                const confirmed = (error: unknown) => (error ? reject(error) : resolve())
                const confirming = producer as amqplib2.ConfirmChannel
                confirming.sendToQueue(destination, Buffer.from(body), given, confirmed)
              })
            : Promise.resolve(
                producer.sendToQueue(
                  destination,
                  Buffer.from(body),
                  headers === undefined ? undefined : { headers },
                ),
              )
        return {
          destination,
          send: publish,
          sendFrozen: async (body) => {
            const given = Object.freeze({ headers: Object.freeze({ own: 7 }), persistent: true })
            producer.sendToQueue(destination, Buffer.from(body), given)
            return JSON.stringify(given) === '{"headers":{"own":7},"persistent":true}'
          },
          sendRefused: async () => producer.sendToQueue(destination, 'not bytes' as never),
          // The oldest line has frames of 4 KiB; all headers of a message go in one.
          sendLargest: () => publish('x', { large: 'x'.repeat(isOld ? 4000 : 65_500) }),
          plant: async (body, headers) =>
            plain.sendToQueue(destination, Buffer.from(body), { headers: { ...headers } }),
          consume: async (handle: MessageHandler) => {
            const channel = await open()
            await channel.consume(destination, (message) => {
              if (message === null) return
              const handled = handledOf(channel, message)
              const result = handle(handled)
              return result instanceof Promise ? unheard(result) : undefined
            })
          },
          close: async () => {
            await plain.deleteQueue(destination)
            await connection.close()
          },
        }
      },
    }
  }

  messageContract({ name: `RabbitMQ of ${line}`, system: underTest(false), gaps })
  if (line === Object.keys(lines)[0]) {
    messageContract({
      name: `RabbitMQ of ${line}, with the spans of the recorder`,
      system: underTest(false),
      gaps,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }
  messageContract({ name: `RabbitMQ of ${line} with confirms`, system: underTest(true), gaps })

  describe('traceAmqp()', () => {
    let recorder: Recorder
    let connection: amqplib2.ChannelModel
    let channel: amqplib2.Channel
    let queue: string
    beforeEach(async () => {
      recorder = createRecorder()
      connection = await connect(url)
      channel = traceAmqp(await connection.createChannel())
      queue = (await channel.assertQueue('', { exclusive: true })).queue
    })
    afterEach(async () => {
      await connection.close()
      await recorder.shutdown()
    })

    const consumers = () => recorder.spans().filter(({ kind }) => kind === SpanKind.CONSUMER)

    it('names no span after a queue with a generated name', async () => {
      channel.sendToQueue(queue, Buffer.from('1'))
      const [span] = await recorder.waitFor(1)
      expect(span?.name).toBe(`publish 127.0.0.1:${port}`)
      expect(span?.attributes['messaging.destination.temporary']).toBe(true)
    })

    it('ends all deliveries before one that is acknowledged with them', async () => {
      await channel.consume(queue, (message) => {
        if (message?.content.toString() === '3') channel.ack(message, true)
      })
      for (const body of ['1', '2', '3']) channel.sendToQueue(queue, Buffer.from(body))
      await recorder.waitFor(() => consumers().length === 3)
      expect(consumers().map(({ status }) => status.code)).toEqual(Array(3).fill(0))
    })

    it('fails what is open when the channel closes', async () => {
      const came = new Promise<void>((resolve) => {
        void channel.consume(queue, () => resolve())
      })
      channel.sendToQueue(queue, Buffer.from('1'))
      await came
      await channel.close()
      await recorder.waitFor(() => consumers().length === 1)
      expect(consumers()[0]?.attributes['error.type']).toBe('channel_closed')
    })

    it('ends at once without acknowledgements', async () => {
      await channel.consume(queue, () => {}, { noAck: true })
      channel.sendToQueue(queue, Buffer.from('1'))
      await recorder.waitFor(() => consumers().length === 1)
    })

    it('handles what was fetched, by traceMessage', async () => {
      runWithIdentity({ 'tenant.id': 'acme' }, () => channel.sendToQueue(queue, Buffer.from('1')))
      let message: amqplib2.GetMessage | false = false
      while (message === false) message = await channel.get(queue, { noAck: true })
      expect(traceMessage(message, () => tenant.get())).toBe('acme')
      expect(consumers()[0]?.parentSpanContext?.spanId).toBe(
        recorder
          .spans()
          .find(({ kind }) => kind === SpanKind.PRODUCER)
          ?.spanContext().spanId,
      )
    })

    it('joins what comes to a dead letter queue, with the tenant of who sent it', async () => {
      const { queue: dead } = await channel.assertQueue('', { exclusive: true })
      const { queue: source } = await channel.assertQueue('', {
        exclusive: true,
        arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead },
      })
      await channel.consume(source, (message) => message && channel.nack(message, false, false))
      const seen = new Promise((resolve) => {
        void channel.consume(dead, () => resolve(tenant.get()), { noAck: true })
      })
      runWithIdentity({ 'tenant.id': 'acme' }, () => channel.sendToQueue(source, Buffer.from('1')))
      expect(await seen).toBe('acme')
      await recorder.waitFor(() => consumers().length === 2)
      const [refused, buried] = consumers()
      expect(refused?.attributes['error.type']).toBe('nack')
      expect(buried?.status.code).toBe(SpanStatusCode.UNSET)
      expect(buried?.parentSpanContext).toEqual(refused?.parentSpanContext)
    })

    it('hands over as much at once, in the same order, and closes as without tracing', async () => {
      const runOn = async (target: amqplib2.Channel): Promise<string[]> => {
        const events: string[] = []
        const { queue: name } = await target.assertQueue('', { exclusive: true })
        await target.prefetch(2)
        let open = 0
        const handle = async (message: amqplib2.ConsumeMessage): Promise<void> => {
          const { content, fields } = message
          open += 1
          events.push(`${content} ${fields.redelivered}`)
          // The answer to this comes after what the broker has sent before.
          await target.checkQueue(name)
          if (open > 2) events.push(`${open} at once`)
          open -= 1
          if (String(content) === '2' && !fields.redelivered) target.nack(message)
          else target.ack(message)
        }
        const all = new Promise<void>((resolve) => {
          void target.consume(name, async (message) => {
            if (message !== null) await handle(message)
            if (events.length === 5 && open === 0) resolve()
          })
        })
        for (const body of ['1', '2', '3', '4']) target.sendToQueue(name, Buffer.from(body))
        await all
        const { messageCount } = await target.checkQueue(name)
        target.once('close', () => events.push(`closed with ${messageCount} left`))
        await target.close()
        return events
      }
      const expected = await runOn(await connection.createChannel())
      expect(await runOn(traceAmqp(await connection.createChannel()))).toEqual(expected)
      expect(expected.at(-1)).toBe('closed with 0 left')
    })

    it('fails a message that was fetched and refused', async () => {
      channel.sendToQueue(queue, Buffer.from('1'))
      let message: amqplib2.GetMessage | false = false
      while (message === false) message = await channel.get(queue)
      const fetched = message
      traceMessage(fetched, () => channel.reject(fetched, false))
      expect(consumers()[0]?.attributes['error.type']).toBe('reject')
    })

    it('leaves a handler that throws to the library', async () => {
      await channel.consume(queue, () => {
        throw new RangeError('x')
      })
      const failed = Promise.race([once(channel, 'error'), once(channel, 'handler-error')])
      connection.on('error', () => {})
      channel.on('error', () => {})
      channel.sendToQueue(queue, Buffer.from('1'))
      const [error] = await failed.catch((thrown: unknown) => [thrown])
      expect(error).toBeInstanceOf(RangeError)
      await recorder.waitFor(() => consumers().length === 1)
      expect(consumers()[0]?.status.code).toBe(SpanStatusCode.ERROR)
    })
  })

  it('refuses what it cannot trace', () => {
    expect(() => traceAmqp({})).toThrow(/traceAmqp\(\) takes a Channel or a ConfirmChannel/)
  })
})

it('traces the channels of the callback API', async () => {
  const recorder = createRecorder()
  const connection = await new Promise<callbackApi.Connection>((resolve, reject) =>
    callbackApi.connect(url, (error: unknown, opened: callbackApi.Connection) =>
      error ? reject(error) : resolve(opened),
    ),
  )
  const channel = await new Promise<callbackApi.ConfirmChannel>((resolve, reject) =>
    connection.createConfirmChannel((error, opened) => (error ? reject(error) : resolve(opened))),
  )
  traceAmqp(channel)
  const queue = await new Promise<string>((resolve) =>
    channel.assertQueue('', { exclusive: true }, (_, { queue: name }) => resolve(name)),
  )
  channel.consume(queue, (message) => message && channel.ack(message))
  channel.sendToQueue(queue, Buffer.from('1'), {}, () => {})
  const spans = await recorder.waitFor(2)
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1)
  await new Promise<void>((resolve) => connection.close(() => resolve()))
  await recorder.shutdown()
})

function handledOf(channel: amqplib2.Channel, message: amqplib2.ConsumeMessage): HandledMessage {
  return {
    body: message.content.toString(),
    headers: message.properties.headers as Record<string, string | undefined>,
    acknowledge: () => channel.ack(message),
    refuse: () => channel.nack(message),
  }
}

function expected(operation: string, type: string, destination: string) {
  return {
    name: `${operation} ${destination}`,
    attributes: {
      'messaging.system': 'rabbitmq',
      'messaging.operation.name': operation,
      'messaging.operation.type': type,
      'messaging.destination.name': destination,
      'messaging.rabbitmq.destination.routing_key': destination,
      'server.address': '127.0.0.1',
      'server.port': port,
    },
  }
}
