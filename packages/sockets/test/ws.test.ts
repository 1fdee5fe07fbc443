import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tracing as expressTracing } from '@callchain/express'
import { tracing as fastifyTracing } from '@callchain/fastify'
import { tracing as koaTracing } from '@callchain/koa'
import { traceServer } from '@callchain/node'
import { traceWebSocketServer } from '@callchain/sockets/ws'
import { createRecorder, type Recorder } from '@callchain/testing'
import websocket from '@fastify/websocket'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import express from 'express'
import expressWs from 'express-ws'
import Fastify from 'fastify'
import Koa from 'koa'
import { WebSocket, WebSocketServer } from 'ws'
import WebSocket80 from 'ws8.0'
import { TracedConnection } from '../src/connection/traced-connection.ts'
import { traceWebSocket } from '../src/ws/trace-web-socket.ts'
import { type Application, type Client, type Served, socketContract } from './socket-contract.ts'

type Verify = (info: { req: IncomingMessage }, done: (ok: boolean) => void) => void

const serveWs =
  (Server: typeof WebSocketServer) =>
  async (app: Application, options: object): Promise<Served> => {
    const server = createServer()
    const verifyClient: Verify = async (_info, done) => done((await app.handshake?.()) ?? true)
    const sockets = traceWebSocketServer(
      new Server({ server, path: '/chat', verifyClient }),
      options,
    )
    sockets.on('connection', (socket) => {
      app.connected?.(socket)
      socket.on('message', (data) => app.message?.(String(data), socket))
      socket.on('close', () => app.closed?.())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return {
      connect: (headers) => connect(`ws://127.0.0.1:${port}/chat`, headers),
      close: async () => {
        for (const client of sockets.clients) client.terminate()
        server.close()
        server.closeAllConnections()
        await once(server, 'close')
      },
    }
  }

async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(url, { headers })
  await once(socket, 'open')
  return { send: (text) => socket.send(text), close: () => socket.close() }
}

const WS = {
  handshake: 'GET /chat',
  message: 'process',
  refusal: { 'http.response.status_code': 401 },
}
socketContract({ name: 'ws 8', ...WS, serve: serveWs(WebSocketServer) })
socketContract(
  { name: 'ws 8, with the spans of the recorder', ...WS, serve: serveWs(WebSocketServer) },
  () => createRecorder({ provider: 'recorder' }),
)
socketContract({
  name: 'ws 8.0',
  ...WS,
  serve: serveWs(WebSocket80.Server),
})

describe('traceWebSocketServer', () => {
  let recorder: Recorder
  const closing: (() => unknown)[] = []
  beforeEach(() => {
    recorder = createRecorder()
  })
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
    await recorder.settled({ timeout: 3_000 })
    await recorder.shutdown()
  })

  const spansOf = async (url: string): Promise<unknown[]> => {
    const client = await connect(url, { baggage: 'tenant.id=acme' })
    client.send('one')
    const spans = await recorder.waitFor(2)
    client.close()
    return spans.map((span) => [
      span.name,
      span.attributes['http.response.status_code'],
      span.attributes['tenant.id'],
    ])
  }

  it('traces sockets of @fastify/websocket', async () => {
    const app = Fastify()
    await app.register(fastifyTracing)
    await app.register(websocket)
    traceWebSocketServer(app.websocketServer, { route: '/chat' })
    app.get('/chat', { websocket: true }, (socket) => void socket.on('message', () => {}))
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(() => app.close())

    expect(await spansOf(`${url.replace('http', 'ws')}/chat`)).toEqual([
      ['GET /chat', 101, 'acme'],
      ['process', undefined, 'acme'],
    ])
  })

  it('traces sockets of express-ws', async () => {
    const { app, getWss } = expressWs(express())
    traceWebSocketServer(getWss(), { route: '/chat' })
    app.use(expressTracing())
    app.ws('/chat', (socket) => void socket.on('message', () => {}))
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => server.close())

    expect(await spansOf(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`)).toEqual([
      ['GET /chat', 101, 'acme'],
      ['process', undefined, 'acme'],
    ])
  })

  it('is one span with traceServer(), next to Koa, whose requests are traced as ever', async () => {
    const app = new Koa().use(koaTracing()).use((ctx) => {
      ctx.body = 'ok'
    })
    const server = traceServer(createServer(app.callback()), { route: () => '/chat' })
    const sockets = traceWebSocketServer(new WebSocketServer({ server }))
    sockets.on('connection', (socket) => socket.on('message', () => {}))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => server.close())
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`

    expect(await spansOf(`ws://${at}/chat`)).toEqual([
      ['GET /chat', 101, 'acme'],
      ['process', undefined, 'acme'],
    ])
    expect(await (await fetch(`http://${at}/`)).text()).toBe('ok')
    expect(await recorder.waitFor(3)).toHaveLength(3)
  })

  it('lets what a listener throws or rejects with pass, and has it on the span', async () => {
    const socket = new EventEmitter()
    const connection = new TracedConnection(socket, ROOT_CONTEXT, 'websocket', {})
    traceWebSocket(socket, connection)
    socket.once('message', () => {
      throw new RangeError('no')
    })
    expect(() => socket.emit('message', 'one')).toThrow('no')
    expect(socket.emit('message', 'nobody listens')).toBe(false)
    const call = connection.receive({ socket: socket as never, event: undefined, args: [] })
    const rejected = call.handle(() => Promise.reject(new TypeError('later')))
    call.settle()
    await expect(rejected).rejects.toThrow('later')

    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => span.attributes['error.type'])).toEqual(['RangeError', 'TypeError'])
  })

  it('says what it needs, and which option is wrong', () => {
    expect(() => traceWebSocketServer({} as never)).toThrow('needs a WebSocketServer of ws')
    const sockets = new WebSocketServer({ noServer: true })
    expect(() => traceWebSocketServer(sockets, { sample: 2 })).toThrow(
      'sample of traceWebSocketServer() cannot be 2; allowed: a number from 0 to 1',
    )
    expect(() => traceWebSocketServer(sockets, { trusts: 'edge' } as object)).toThrow('trust')
  })
})
