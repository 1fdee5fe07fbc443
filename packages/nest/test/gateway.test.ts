import { describe, expect, it, jest } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import { traceWebSocketAdapter } from '../src/trace-web-socket-adapter.ts'
import { named, type Printed } from './printed.ts'
import { LINES, type Line, runChild } from './run-child.ts'

// The first test of each line waits for all that its process does.
jest.setTimeout(240_000)

interface Seen extends Printed {
  readonly answer?: unknown
  readonly seen: Readonly<Record<string, { span: string; tenant?: string }>>
}

describe.each(Object.keys(LINES) as Line[])('a gateway of %s', (line) => {
  const onWs = runChild<Seen>(line, 'gateway.ts', ['ws'])
  const onSocketIo = runChild<Seen>(line, 'gateway.ts', ['socket.io'])

  describe.each([
    { library: 'ws', all: onWs },
    { library: 'socket.io', all: onSocketIo },
  ])('on $library', ({ library, all }) => {
    const at = async (path: string): Promise<Seen> => {
      const found = (await all).find((each) => each.path === path)
      if (found === undefined) throw new Error(`${path} was not printed`)
      return found
    }
    const handshake = async (): Promise<string> => named(await at('handshake'), 'GET /chat').id

    it('ends the span of the handshake with 101', async () => {
      const { kind, attributes } = named(await at('handshake'), 'GET /chat')
      expect(kind).toBe(SpanKind.SERVER)
      expect(attributes['http.response.status_code']).toBe(101)
      expect((await at('handshake')).seen).toEqual({
        handleConnection: { span: await handshake() },
      })
    })

    it('has a span of each message, named by its handler, with a link and the tenant', async () => {
      const seen = await at('say')
      expect(seen.spans).toHaveLength(1)
      const message = named(seen, 'process say')
      expect(message).toMatchObject({ kind: SpanKind.CONSUMER, links: [await handshake()] })
      expect(message.parent).toBeUndefined()
      expect(message.attributes).toMatchObject({
        'messaging.system': library === 'ws' ? 'websocket' : 'socket.io',
        'messaging.destination.name': 'say',
        'tenant.id': 'acme',
      })
    })

    it('runs guards and handlers in it, to the end', async () => {
      const seen = await at('say')
      const own = { span: named(seen, 'process say').id, tenant: 'acme' }
      expect(seen.seen).toEqual({ guard: own, handler: own })
    })

    it('keeps the tenant of a message to it', async () => {
      expect(named(await at('own'), 'process own').attributes['tenant.id']).toBe('initech')
      expect(named(await at('stream'), 'process stream').attributes['tenant.id']).toBe('acme')
    })

    it.each([
      ['failed', 'OutOfStock', 'none left'],
      ['refused', 'WsException', 'sold out'],
      ['broken', 'OutOfStock', 'broken off'],
    ])('%s: has the exception that Nest answers', async (path, type, message) => {
      const span = named(await at(path), `process ${path}`)
      expect(span).toMatchObject({ isError: true, exceptions: [message] })
      expect(span.attributes['error.type']).toBe(type)
    })

    it('keeps the identity until the end of the connection', async () => {
      const { seen, spans } = await at('disconnect')
      expect(seen.handleDisconnect).toEqual({ span: await handshake(), tenant: 'acme' })
      expect(spans).toEqual([])
    })
  })
})

describe('traceWebSocketAdapter', () => {
  const adapter = { create: () => ({}), bindMessageHandlers: () => {} }

  it('refuses what is not an adapter', () => {
    expect(() => traceWebSocketAdapter({}, () => {})).toThrow(/needs a WebSocketAdapter of Nest/)
  })

  it('refuses a call without the tracing of sockets', () => {
    expect(() => traceWebSocketAdapter(adapter, undefined as never)).toThrow(/traceSocketIo/)
  })
})
