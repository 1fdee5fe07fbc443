import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
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
import type { JsMsg } from '@nats-io/jetstream'
import * as jetstream3 from '@nats-io/jetstream'
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node'
import * as nats3 from '@nats-io/transport-node'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import * as nats2 from 'nats-2'
import { libraryLine } from '../../../test/library-line.ts'
import { traceMessage } from '../src/index.ts'
import { traceJetStream, traceNats } from '../src/nats.ts'
import { unheard } from './unheard.ts'

const url = process.env.NATS_URL ?? 'nats://127.0.0.1:4222'
const { hostname, port } = new URL(url)

interface Line {
  connect(): Promise<NatsConnection>
  headers(): MsgHdrs
  jetstream(nc: NatsConnection): jetstream3.JetStreamClient
  manager(nc: NatsConnection): Promise<jetstream3.JetStreamManager>
  /** What an empty subject is refused with. */
  readonly refusal: string
}

/** The newest that we serve, and the oldest, where JetStream is a part of the connection. */
const lines: Readonly<Record<string, Line>> = {
  [libraryLine('@nats-io/transport-node')]: {
    connect: () => nats3.connect({ servers: url }),
    headers: nats3.headers,
    jetstream: jetstream3.jetstream,
    manager: jetstream3.jetstreamManager,
    refusal: 'InvalidSubjectError',
  },
  [libraryLine('nats', 'nats-2')]: {
    connect: () => nats2.connect({ servers: url }) as unknown as Promise<NatsConnection>,
    headers: nats2.headers as unknown as () => MsgHdrs,
    jetstream: (nc) => (nc as unknown as nats2.NatsConnection).jetstream() as never,
    manager: (nc) => (nc as unknown as nats2.NatsConnection).jetstreamManager() as never,
    refusal: 'BAD_SUBJECT',
  },
}

const noBatches = {
  'makes one span for several messages sent at once, and writes it into each':
    'each message is published by itself',
  'handles a batch in a root with a link to each message, and each by itself when asked to':
    'each message is delivered by itself',
  'begins a trace for each tick of a repeated job, with a link and nobody’s identity':
    'a broker repeats nothing',
}

/** What NATS itself does not have, which delivers at most once. */
const gaps = {
  ...noBatches,
  'makes a failed span of each attempt, a sibling of the others, and leaves retrying to the system':
    'a message is delivered at most once',
  'makes a failed span of a message that its handler refuses without throwing':
    'nothing is acknowledged',
  'makes a failed span of a handler that throws after it has said that it was done':
    'nothing is acknowledged',
  'ends the span of a handler without a promise when the message is acknowledged':
    'nothing is acknowledged',
}

describe.each(Object.entries(lines))('%s', (line, library) => {
  const shared = {
    refusal: library.refusal,
    hostile: [['a', 'b'], '', 'ÿþ', 'x'.repeat(15_000)],
    sends: (destination: string) => expected('publish', 'send', destination),
  }

  function withHeaders(given: Readonly<Record<string, unknown>> = {}) {
    const headers = library.headers()
    for (const [name, value] of Object.entries(given)) {
      for (const each of [value].flat()) headers.append(name, String(each))
    }
    return { headers }
  }

  function core(): MessagingUnderTest {
    return {
      ...shared,
      retries: false,
      processes: (destination) => expected('process', 'process', destination),
      connect: async ({ trace, options }) => {
        const [nc, plain] = await Promise.all([library.connect(), library.connect()])
        for (let time = 0; time < trace; time += 1) expect(traceNats(nc, options)).toBe(nc)
        const destination = `contract-${randomUUID()}`
        return {
          destination,
          send: async (body, headers) => {
            nc.publish(destination, body, headers && withHeaders(headers))
            await nc.flush()
          },
          sendFrozen: async (body) => {
            const { headers } = withHeaders({ own: 'a' })
            nc.publish(destination, body, Object.freeze({ headers: Object.freeze(headers) }))
            return headers.keys().join() === 'own'
          },
          sendRefused: async () => nc.publish('', 'x'),
          sendLargest: async () => {
            nc.publish(destination, Buffer.alloc(nc.info?.max_payload ?? 0))
            await nc.flush()
          },
          plant: async (body, headers) => {
            plain.publish(destination, body, withHeaders(headers))
            await plain.flush()
          },
          consume: async (handle: MessageHandler) => {
            nc.subscribe(destination, {
              callback: (_, message) => {
                const result = handle(handledOf(message))
                return (result instanceof Promise ? unheard(result) : undefined) as never
              },
            })
            await nc.flush()
          },
          close: async () => {
            await Promise.all([nc.close(), plain.close()])
          },
        }
      },
    }
  }

  function jetstream(): MessagingUnderTest {
    return {
      ...shared,
      retries: true,
      processes: (destination) => {
        const { name, attributes } = expected('process', 'process', destination)
        const own = { 'messaging.consumer.group.name': 'billing', 'callchain.message.attempt': 1 }
        return { name, attributes: { ...attributes, ...own } }
      },
      connect: async ({ trace, options }) => {
        const nc = await library.connect()
        const [js, plain] = [library.jetstream(nc), library.jetstream(nc)]
        for (let time = 0; time < trace; time += 1) expect(traceJetStream(js, options)).toBe(js)
        const destination = `contract-${randomUUID()}`
        const manager = await addStream(library, nc, destination)
        return {
          destination,
          send: (body, headers) => js.publish(destination, body, headers && withHeaders(headers)),
          sendFrozen: async (body) => {
            const { headers } = withHeaders({ own: 'a' })
            const given = Object.freeze({ headers: Object.freeze(headers), msgID: '7' })
            await js.publish(destination, body, given)
            return headers.keys().join() === 'own'
          },
          sendRefused: () => js.publish('', 'x'),
          sendLargest: () => js.publish(destination, Buffer.alloc(nc.info?.max_payload ?? 0)),
          plant: (body, headers) => plain.publish(destination, body, withHeaders(headers)),
          consume: async (handle: MessageHandler) => {
            const consumer = await js.consumers.get(destination, 'billing')
            await consumer.consume({
              callback: (message) => {
                const result = handle(settledOf(message))
                return (result instanceof Promise ? unheard(result) : undefined) as never
              },
            })
          },
          close: async () => {
            await manager.streams.delete(destination)
            await nc.close()
          },
        }
      },
    }
  }

  messageContract({ name: `NATS of ${line}`, system: core(), gaps })
  messageContract({ name: `JetStream of ${line}`, system: jetstream(), gaps: noBatches })
  if (line === Object.keys(lines)[0]) {
    messageContract({
      name: `JetStream of ${line}, with the spans of the recorder`,
      system: jetstream(),
      gaps: noBatches,
      setUp: () => createRecorder({ provider: 'recorder' }),
    })
  }

  describe('on a connection', () => {
    let recorder: Recorder
    let nc: NatsConnection
    let subject: string
    beforeEach(async () => {
      recorder = createRecorder()
      nc = traceNats(await library.connect())
      subject = `own-${randomUUID()}`
    })
    afterEach(async () => {
      await nc.close()
      await recorder.shutdown()
    })

    const kindsOf = () =>
      recorder
        .spans()
        .filter(({ kind }) => kind !== SpanKind.INTERNAL)
        .map(({ name, kind }) => [name, kind])
    const expectChild = () =>
      expect(spanOf(SpanKind.CONSUMER)?.parentSpanContext?.spanId).toBe(
        spanOf(SpanKind.PRODUCER)?.spanContext().spanId,
      )
    const spanOf = (kind: SpanKind) => recorder.spans().find((span) => span.kind === kind)

    it('makes one span of a request, until its answer, and the handler its child', async () => {
      nc.subscribe(subject, {
        callback: (_, message) => void message.respond(tenant.get() ?? 'nobody'),
      })
      const answer = await runWithIdentity({ 'tenant.id': 'acme' }, () => nc.request(subject, '7'))
      expect(answer.string()).toBe('acme')
      await recorder.waitFor(2)
      expect(kindsOf()).toEqual([
        [`process ${subject}`, SpanKind.CONSUMER],
        [`request ${subject}`, SpanKind.PRODUCER],
      ])
      expectChild()
    })

    it.each([{ noMux: true, timeout: 1000 }, undefined])(
      'fails a request to nobody: %j',
      async (options) => {
        await expect(nc.request(subject, '', options)).rejects.toThrow()
        const [span] = await recorder.waitFor(1)
        expect(kindsOf()).toEqual([[`request ${subject}`, SpanKind.PRODUCER]])
        expect(span?.status.code).toBe(SpanStatusCode.ERROR)
        expect(span?.attributes['error.type']).toMatch(/^(NoResponders|503)$/)
      },
    )

    it('makes one span of a request for many answers', async () => {
      for (const body of ['a', 'b'])
        nc.subscribe(subject, { callback: (_, message) => void message.respond(body) })
      const answers = await nc.requestMany(subject, '7', {
        maxWait: 2000,
        maxMessages: 2,
        strategy: 'count' as never,
      })
      const bodies: string[] = []
      for await (const message of answers) bodies.push(message.string())
      expect(bodies.toSorted()).toEqual(['a', 'b'])
      await recorder.waitFor(3)
      expect(kindsOf().filter(([, kind]) => kind === SpanKind.PRODUCER)).toHaveLength(1)
    })

    it('handles what an iterator gives, by traceMessage', async () => {
      const subscription = nc.subscribe(subject, { max: 1 })
      runWithIdentity({ 'tenant.id': 'acme' }, () => nc.publish(subject, '1'))
      const seen: unknown[] = []
      for await (const message of subscription) {
        expect(tenant.get()).toBeUndefined()
        traceMessage(message, () => seen.push(tenant.get()))
      }
      expect(seen).toEqual(['acme'])
      await recorder.waitFor(2)
      expectChild()
    })

    it('names spans after the pattern of a subscription, and says which group it is in', async () => {
      nc.subscribe(`${subject}.*`, { queue: 'billing', callback: () => {} })
      nc.publish(`${subject}.4711`)
      await recorder.waitFor(2)
      const handled = spanOf(SpanKind.CONSUMER)
      expect(handled?.name).toBe(`process ${subject}.*`)
      expect(handled?.attributes).toMatchObject({
        'messaging.destination.name': `${subject}.4711`,
        'messaging.destination.template': `${subject}.*`,
        'messaging.consumer.group.name': 'billing',
      })
    })

    it('reads headers of any case, as clients of other languages write them', async () => {
      const headers = library.headers()
      headers.append('Traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
      const plain = await library.connect()
      nc.subscribe(subject, { callback: () => {} })
      await nc.flush()
      plain.publish(subject, '1', { headers })
      const [span] = await recorder.waitFor(1)
      expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
      await plain.close()
    })

    it('goes on after headers that the library itself cannot read', async () => {
      const seen: string[] = []
      nc.subscribe(subject, { callback: (_, message) => void seen.push(message.string()) })
      await nc.flush()
      const socket = connectSocket(Number(port), hostname)
      await once(socket, 'data')
      const headers = 'NATS/1.0\r\nbad name: x\r\n\r\n'
      const sizes = `${headers.length} ${headers.length + 3}`
      socket.write('CONNECT {"headers":true,"verbose":false}\r\n')
      socket.end(`HPUB ${subject} ${sizes}\r\n${headers}odd\r\nPING\r\n`)
      await recorder.waitFor(1)
      nc.publish(subject, 'good')
      await recorder.waitFor(3)
      expect(seen).toEqual(['odd', 'good'])
    })

    it('writes nothing where the server takes no headers', async () => {
      Object.defineProperty(nc, 'info', { value: { ...nc.info, headers: false } })
      const came = new Promise((resolve) => {
        nc.subscribe(subject, { callback: (_, message) => resolve(message.headers) })
      })
      nc.publish(subject, '1')
      expect(await came).toBeUndefined()
    })

    it('has no span for what JetStream says to its server', async () => {
      const manager = await addStream(library, nc, subject)
      const js = traceJetStream(library.jetstream(nc))
      await js.publish(subject, '1')
      const consumer = await js.consumers.get(subject, 'billing')
      const message = await consumer.next({ expires: 1000 })
      expect(message && (await traceMessage(message, () => message.ackAck()))).toBe(true)
      await manager.streams.delete(subject)
      await recorder.waitFor(2)
      expect(kindsOf()).toEqual([
        [`publish ${subject}`, SpanKind.PRODUCER],
        [`process ${subject}`, SpanKind.CONSUMER],
      ])
    })
  })

  describe('on a stream', () => {
    let recorder: Recorder
    let nc: NatsConnection
    let js: jetstream3.JetStreamClient
    let subject: string
    let manager: jetstream3.JetStreamManager
    let started: { stop(): void }[]
    beforeEach(async () => {
      recorder = createRecorder()
      nc = await library.connect()
      js = traceJetStream(library.jetstream(nc))
      started = []
      subject = `own-${randomUUID()}`
      manager = await addStream(library, nc, subject)
    })
    afterEach(async () => {
      for (const messages of started) messages.stop()
      await nc.close()
      const other = await library.connect()
      await (await library.manager(other)).streams.delete(subject)
      await other.close()
      await recorder.shutdown()
    })

    const consume = async (
      name: string,
      callback: (message: JsMsg) => void,
    ): Promise<jetstream3.Consumer> => {
      const consumer = await js.consumers.get(subject, name)
      started.push(await consumer.consume({ callback }))
      return consumer
    }
    const consumers = () => recorder.spans().filter(({ kind }) => kind === SpanKind.CONSUMER)

    it.each(['consume', 'fetch'] as const)(
      'handles what %s iterates, by traceMessage',
      async (way) => {
        await runWithIdentity({ 'tenant.id': 'acme' }, () => js.publish(subject, '1'))
        const consumer = await (await js.streams.get(subject)).getConsumer('billing')
        const messages = await consumer[way]({ max_messages: 1, expires: 1000 })
        started.push(messages)
        for await (const message of messages) {
          await traceMessage(message, async () => {
            expect(tenant.get()).toBe('acme')
            message.nak()
          })
          break
        }
        await recorder.waitFor(2)
        expect(consumers().map(({ attributes }) => attributes['error.type'])).toEqual(['nak'])
      },
    )

    it('fails what its handler terminates, and does not get it again', async () => {
      await js.publish(subject, '1')
      const consumer = await consume('billing', (message) => message.term())
      await recorder.waitFor(2)
      expect(consumers()[0]?.attributes['error.type']).toBe('term')
      while ((await consumer.info()).num_ack_pending > 0) await consumer.info()
    })

    it('counts each delivery of a message that comes again', async () => {
      await js.publish(subject, '1')
      await consume('billing', (message) => (message.redelivered ? message.ack() : message.nak()))
      await recorder.waitFor(3)
      const attempts = consumers().map(({ attributes }) => attributes['callchain.message.attempt'])
      expect(attempts).toEqual([1, 2])
    })

    it('ends with the handler where nothing is acknowledged', async () => {
      await manager.consumers.add(subject, { durable_name: 'reader', ack_policy: 'none' as never })
      await js.publish(subject, '1')
      await consume('reader', () => {})
      await recorder.waitFor(2)
    })

    it('fails what is open when the connection closes', async () => {
      await js.publish(subject, '1')
      await new Promise<void>((resolve) => {
        void consume('billing', () => resolve())
      })
      await nc.close()
      await recorder.waitFor(2)
      expect(consumers()[0]?.attributes['error.type']).toBe('connection_closed')
    })
  })

  it('refuses what it cannot trace', () => {
    expect(() => traceNats({})).toThrow(/traceNats\(\) takes a connection to NATS/)
    expect(() => traceJetStream({})).toThrow(/traceJetStream\(\) takes a JetStream client/)
  })
})

async function addStream(library: Line, nc: NatsConnection, subject: string) {
  const manager = await library.manager(nc)
  await manager.streams.add({ name: subject, subjects: [subject], storage: 'memory' as never })
  await manager.consumers.add(subject, {
    durable_name: 'billing',
    ack_policy: 'explicit' as never,
  })
  return manager
}

function handledOf(message: Msg | JsMsg): HandledMessage {
  const headers = [...(message.headers ?? [])].map(([name, values]) => [name, values.join()])
  return { body: message.string(), headers: Object.fromEntries(headers) }
}

function settledOf(message: JsMsg): HandledMessage {
  return {
    ...handledOf(message),
    acknowledge: () => message.ack(),
    refuse: () => message.nak(),
  }
}

function expected(operation: string, type: string, destination: string) {
  return {
    name: `${operation} ${destination}`,
    attributes: {
      'messaging.system': 'nats',
      'messaging.operation.name': operation,
      'messaging.operation.type': type,
      'messaging.destination.name': destination,
      'server.address': hostname,
      'server.port': Number(port),
    },
  }
}
