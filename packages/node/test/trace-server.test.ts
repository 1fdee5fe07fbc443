import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { currentTrace, tenant } from '@callchain/core'
import { traceListener, traceServer } from '@callchain/node'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ask, closeAll, exchange, listening, open } from './listening.ts'

const ACCEPTED = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: Upgrade\r\n\r\n'
const REFUSED = 'HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n'
const HANDSHAKE = 'GET /chat HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: x\r\n\r\n'

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  closeAll()
  await recorder.settled()
  await recorder.shutdown()
})

type Upgraded = (req: IncomingMessage, socket: Duplex) => void

function upgrading(upgraded: Upgraded): Server {
  return traceServer(createServer().on('upgrade', upgraded))
}

describe('the handshake of a WebSocket', () => {
  it('has a span that ends with 101, in whose context it is served', async () => {
    let seen: string | undefined
    const port = await listening(
      upgrading((_req, socket) => {
        seen = currentTrace()?.spanId
        tenant.set('acme')
        socket.write(ACCEPTED)
      }),
    )
    await once(await open(port, HANDSHAKE), 'data')

    const [span] = await recorder.waitFor(1)
    expect(seen).toBe(span?.spanContext().spanId)
    expect(span).toMatchObject({
      name: 'GET',
      attributes: { 'http.response.status_code': 101, 'tenant.id': 'acme' },
      status: { code: 0 },
    })
  })

  it('ends before what the connection carries, which is in no request', async () => {
    const server = upgrading((_req, socket) => {
      socket.on('data', () => server.emit('seen', currentTrace()))
      socket.write(ACCEPTED)
    })
    const seen = once(server, 'seen')
    const socket = await open(await listening(server), HANDSHAKE)
    await once(socket, 'data')
    socket.write('hello')

    expect(await seen).toEqual([undefined])
    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('has the status that it is refused with', async () => {
    const port = await listening(upgrading((_req, socket) => socket.end(REFUSED)))
    await exchange(port, HANDSHAKE)

    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({
      attributes: { 'http.response.status_code': 401 },
      status: { code: 0 },
    })
  })

  it('is an error of the server when it drops the connection without an answer', async () => {
    const port = await listening(upgrading((_req, socket) => void socket.destroy()))
    await exchange(port, HANDSHAKE)

    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({ attributes: { 'error.type': '_OTHER' }, status: { code: 2 } })
  })

  it('is a client that left when it leaves before the answer', async () => {
    let arrived = (): void => {}
    const upgraded = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const port = await listening(
      upgrading((_req, socket) => {
        socket.resume().on('end', () => socket.destroy())
        arrived()
      }),
    )
    const socket = await open(port, HANDSHAKE)
    await upgraded
    socket.destroy()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('client_abort')
    expect(span?.attributes['http.response.status_code']).toBeUndefined()
  })

  it('is left to Node where nobody listens for it', async () => {
    const port = await listening(traceServer(createServer((_req, res) => res.end())))
    await once(await open(port, HANDSHAKE), 'data')

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['http.response.status_code']).toBe(200)
  })
})

describe('traceServer', () => {
  it.each([
    { event: 'checkContinue', expect: '100-continue' },
    { event: 'checkExpectation', expect: 'patience' },
  ])('traces what $event answers', async ({ event, expect: value }) => {
    const server = createServer().on(event, (_req, res) => res.writeHead(417).end())
    const port = await listening(traceServer(server))
    expect(await ask(port, { method: 'POST', headers: { expect: value } })).toBe(417)

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['http.response.status_code']).toBe(417)
  })

  it('has one span for a request that checkContinue hands on', async () => {
    const server = createServer((_req, res) => res.end())
    server.on('checkContinue', (req, res) => {
      res.writeContinue()
      server.emit('request', req, res)
    })
    const port = await listening(traceServer(server))
    await ask(port, { method: 'POST', headers: { expect: '100-continue' } })

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('has one span where the listener is traced as well', async () => {
    const port = await listening(
      traceServer(createServer(traceListener((_req, res) => void res.end()))),
    )
    await ask(port)

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('records what a listener throws, and lets it go on', async () => {
    const server = traceServer(
      createServer((_req, res) => {
        res.destroy()
        throw new RangeError('out')
      }),
    )
    let seen: unknown
    const { emit } = server
    server.emit = (...args: readonly unknown[]) => {
      try {
        return Reflect.apply(emit, server, args)
      } catch (error) {
        seen = error
        return true
      }
    }
    const port = await listening(server)
    await exchange(port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n')

    const [span] = await recorder.waitFor(1)
    expect(seen).toBeInstanceOf(RangeError)
    expect(span).toMatchObject({ attributes: { 'error.type': 'RangeError' } })
  })

  it('tells a request that came too slowly for Node from a client that left', async () => {
    const server = createServer({ requestTimeout: 50, connectionsCheckingInterval: 20 })
    server.on('request', (req) => req.on('error', () => {}))
    const port = await listening(traceServer(server))
    const answer = await exchange(
      port,
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf',
    )
    expect(answer).toMatch(/^HTTP\/1.1 408/)

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('ERR_HTTP_REQUEST_TIMEOUT')
  })

  it('refuses options that are not allowed', () => {
    expect(() => traceServer(createServer(), { route: '/x' as never })).toThrow(
      "callchain: route of tracing() cannot be '/x'; allowed: a synchronous function",
    )
    expect(() => traceListener(() => {}, { tust: 'edge' } as never)).toThrow("did you mean 'trust'")
  })
})
