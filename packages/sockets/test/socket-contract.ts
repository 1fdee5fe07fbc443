import { type CurrentTrace, currentTrace, tenant } from '@callchain/core'
import type { SocketOptions } from '@callchain/sockets'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** What an application does, whatever library it uses. */
export interface Application {
  /** Whether a client is let in. */
  handshake?(): boolean | Promise<boolean>
  connected?(socket: object): void
  /** Handles a message of one text; what it returns is what the listener returns. */
  message?(text: string, socket: object): unknown
  closed?(): void
}

export interface Client {
  send(text: string): void
  close(): void
}

export interface Served {
  /** Resolves when it is connected, rejects when it is refused. */
  connect(headers?: Record<string, string>): Promise<Client>
  close(): Promise<unknown>
}

export interface SocketLibrary {
  readonly name: string
  /** What the span of a handshake and of a message are called. */
  readonly handshake: string
  readonly message: string
  readonly refusal: object
  serve(app: Application, options: SocketOptions<never>): Promise<Served>
}

const CALLER = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  baggage: 'tenant.id=acme',
}

/** What tracing promises for every library of sockets. */
export function socketContract(
  library: SocketLibrary,
  setUp: () => Recorder = createRecorder,
): void {
  let recorder: Recorder
  let served: Served | undefined
  const serve = async (app: Application, options: SocketOptions<never> = {}): Promise<Served> => {
    served = await library.serve(app, options)
    return served
  }
  const spans = (kind: SpanKind): ReadableSpan[] =>
    recorder.spans().filter((span) => span.kind === kind)
  const messages = async (count: number): Promise<ReadableSpan[]> => {
    await recorder.waitFor(() => spans(SpanKind.CONSUMER).length >= count, { timeout: 3_000 })
    return spans(SpanKind.CONSUMER)
  }
  const handshake = async (): Promise<ReadableSpan | undefined> => {
    await recorder.waitFor(() => spans(SpanKind.SERVER).length > 0)
    return spans(SpanKind.SERVER)[0]
  }
  const work = (): void => trace.getTracer('test').startSpan('work').end()

  describe(`${library.name} keeps what is promised for every library of sockets`, () => {
    beforeEach(() => {
      recorder = setUp()
    })
    afterEach(async () => {
      await served?.close()
      await recorder.settled({ timeout: 3_000 })
      await recorder.shutdown()
    })
    it('has one span a handshake, which ends with 101 while the connection is open', async () => {
      const { connect } = await serve({})
      await connect(CALLER)

      expect(await handshake()).toMatchObject({
        name: library.handshake,
        attributes: { 'http.response.status_code': 101, 'tenant.id': 'acme' },
        status: { code: SpanStatusCode.UNSET },
      })
      expect((await handshake())?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c')
      expect(spans(SpanKind.SERVER)).toHaveLength(1)
    })

    it('has a refused handshake as it was answered, and no error', async () => {
      const { connect } = await serve({ handshake: async () => tenant.set('acme') && false })
      await expect(connect()).rejects.toThrow()

      expect(await handshake()).toMatchObject({
        attributes: { ...library.refusal, 'tenant.id': 'acme' },
        status: { code: SpanStatusCode.UNSET },
      })
    })

    it('has each message in a trace of its own, which links to the handshake', async () => {
      const { connect } = await serve({ message: () => work() })
      const client = await connect(CALLER)
      client.send('one')
      client.send('two')

      const [one, two] = await messages(2)
      const server = await handshake()
      for (const span of [one, two]) {
        expect(span?.name).toBe(library.message)
        expect(span?.parentSpanContext).toBeUndefined()
        expect(span?.links.map((link) => link.context.spanId)).toEqual([
          server?.spanContext().spanId,
        ])
        expect(span?.attributes['tenant.id']).toBe('acme')
      }
      const traces = [server, one, two].map((span) => span?.spanContext().traceId)
      expect(new Set(traces).size).toBe(3)
      const parents = spans(SpanKind.INTERNAL).map((span) => span.parentSpanContext?.spanId)
      expect(parents.sort()).toEqual([one, two].map((span) => span?.spanContext().spanId).sort())
    })

    it('has a message as long as its listener works on it, and what it does then', async () => {
      const gate = deferred<void>()
      const begun = deferred<void>()
      const { connect } = await serve({
        message: async () => {
          begun.resolve()
          await gate.promise
          work()
        },
      })
      ;(await connect()).send('one')
      await begun.promise
      await new Promise((resolve) => setImmediate(resolve))
      expect(recorder.open().map((span) => span.name)).toEqual([library.message])
      gate.resolve()

      const [message] = await messages(1)
      const [done] = spans(SpanKind.INTERNAL)
      expect(done?.parentSpanContext?.spanId).toBe(message?.spanContext().spanId)
    })

    it('has the tenant of each client in its messages, and no other', async () => {
      const { connect } = await serve({ message: () => tenant.get() })
      const clients = await Promise.all(
        ['a', 'b', 'c'].map((id) => connect({ ...CALLER, baggage: `tenant.id=${id}` })),
      )
      for (const round of ['one', 'two']) for (const client of clients) client.send(round)

      const seen = (await messages(6)).map((span) => span.attributes['tenant.id'])
      expect(seen.sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
    })

    it('takes a tenant that a message sets for that message alone, and one for the socket for all', async () => {
      const { connect } = await serve({
        message: (text, socket) => {
          if (text === 'mine') tenant.set('mine')
          if (text === 'stays') tenant.set('stays', socket)
        },
      })
      const client = await connect(CALLER)
      for (const text of ['mine', 'after', 'stays']) client.send(text)
      await messages(3)
      client.send('later')

      const seen = (await messages(4)).map((span) => span.attributes['tenant.id'])
      expect(seen).toEqual(['mine', 'acme', 'acme', 'stays'])
    })

    it('has the identity and the trace of the handshake where it is opened and closed', async () => {
      const seen: [string, string | undefined, CurrentTrace | undefined][] = []
      const closed = deferred<void>()
      const { connect } = await serve({
        connected: () => seen.push(['connected', tenant.get(), currentTrace()]),
        closed: () => {
          seen.push(['closed', tenant.get(), currentTrace()])
          closed.resolve()
        },
      })
      ;(await connect(CALLER)).close()
      await closed.promise

      const { spanId } = (await handshake())?.spanContext() ?? {}
      expect(seen).toEqual([
        ['connected', 'acme', expect.objectContaining({ spanId })],
        ['closed', 'acme', expect.objectContaining({ spanId })],
      ])
    })

    it('believes no caller on the edge', async () => {
      const { connect } = await serve({ message: () => {} })
      const client = await connect({ ...CALLER, 'x-forwarded-for': '203.0.113.7' })
      client.send('one')

      const [message] = await messages(1)
      expect(message?.attributes).not.toHaveProperty('tenant.id')
      const server = await handshake()
      expect(server?.attributes).not.toHaveProperty('tenant.id')
      expect(server?.spanContext().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
    })

    it('records no message that is not sampled, nor what it causes, and keeps its identity', async () => {
      const seen = deferred<unknown>()
      const app: Application = {
        message: () => {
          work()
          seen.resolve([tenant.get(), currentTrace()?.sampled])
        },
      }
      const { connect } = await serve(app, { sample: 0 })
      ;(await connect(CALLER)).send('one')

      expect(await seen.promise).toEqual(['acme', false])
      expect(recorder.spans().map((span) => span.kind)).toEqual([SpanKind.SERVER])
    })

    it('asks for each message whether it is recorded, and what it is called', async () => {
      const { connect } = await serve(
        { message: () => {} },
        {
          sample: ({ args }) => String(args[0]) !== 'ping',
          name: () => 'order.placed',
          messageAttributes: ({ args }) => ({ size: String(args[0]).length }),
        },
      )
      const client = await connect()
      client.send('ping')
      client.send('order')

      const [message, ...others] = await messages(1)
      expect(others).toEqual([])
      expect(message).toMatchObject({ name: 'process order.placed', attributes: { size: 5 } })
    })

    it('ends a message whose listener never does, when the connection is closed', async () => {
      const begun = deferred<void>()
      const { connect } = await serve({
        message: () => {
          begun.resolve()
          return new Promise(() => {})
        },
      })
      const client = await connect()
      client.send('one')
      await begun.promise
      client.close()

      expect(await messages(1)).toHaveLength(1)
    })

    it('leaves nothing open after a thousand messages', async () => {
      let count = 0
      const all = deferred<void>()
      const { connect } = await serve({
        message: () => {
          if (++count === 1000) all.resolve()
        },
      })
      const client = await connect()
      for (let sent = 0; sent < 1000; sent++) client.send('one')
      await all.promise

      expect(await messages(1000)).toHaveLength(1000)
      expect(recorder.open()).toEqual([])
    })
  })
}

export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
}

/** `Promise.withResolvers()`, which Node 20 does not have. */
export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((resolved) => {
    resolve = resolved
  })
  return { promise, resolve }
}
