import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { currentTrace, tenant } from '@callchain/core'
import { traceSocketIo } from '@callchain/sockets/socket.io'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Server } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { Server as Server40 } from 'socket.io4.0'
import {
  type Application,
  type Client,
  deferred,
  type Served,
  socketContract,
} from './socket-contract.ts'

async function connect(
  url: string,
  extraHeaders: Record<string, string> = {},
  transports = ['websocket'],
): Promise<Client & { readonly socket: Socket }> {
  const socket = io(url, { transports, extraHeaders, forceNew: true, reconnection: false })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', (error) => {
      socket.close()
      reject(error)
    })
  })
  return { socket, send: (text) => socket.emit('note', text), close: () => socket.close() }
}

const open = async (
  Io: typeof Server,
  app: Application,
  options: object,
): Promise<Served & { io: Server; url: string }> => {
  const server = createServer()
  const sockets = traceSocketIo(new Io(server), options)
  sockets.use(async (_socket, next) => {
    const isIn = (await app.handshake?.()) ?? true
    next(isIn ? undefined : new Error('not you'))
  })
  sockets.on('connection', (socket) => {
    app.connected?.(socket)
    if (app.message !== undefined) socket.on('note', (text) => app.message?.(text, socket))
    socket.on('disconnect', () => app.closed?.())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: Client[] = []
  return {
    io: sockets,
    url,
    connect: async (headers) => {
      const client = await connect(url, headers)
      clients.push(client)
      return client
    },
    close: async () => {
      for (const client of clients) client.close()
      await new Promise<void>((resolve) => void sockets.close(() => resolve()))
    },
  }
}

const IO = {
  handshake: 'GET /socket.io',
  message: 'process note',
  refusal: { 'callchain.socket.refused': true },
}
socketContract({ name: 'socket.io 4', ...IO, serve: (app, options) => open(Server, app, options) })
socketContract({
  name: 'socket.io 4.0',
  ...IO,
  serve: (app, options) => open(Server40, app, options),
})

describe('traceSocketIo', () => {
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
  const served = async (app: Application): Promise<Awaited<ReturnType<typeof open>>> => {
    const found = await open(Server, app, {})
    closing.push(() => found.close())
    return found
  }

  it('has one span for the handshake over polling, with the status of its requests', async () => {
    const { url } = await served({})
    const { socket } = await connect(url, {}, ['polling'])
    closing.unshift(() => socket.close())

    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({ attributes: { 'http.response.status_code': 200 } })
    expect(recorder.spans()).toHaveLength(1)
  })

  it('traces namespaces, with middlewares that call back later', async () => {
    const { io: server, url } = await served({})
    const admin = server.of('/admin')
    admin.use((_socket, next) => setImmediate(() => tenant.set('corp') && next()))
    admin.on('connection', (socket) => socket.on('audit', () => {}))
    const { socket } = await connect(`${url}/admin`)
    closing.unshift(() => socket.close())
    socket.emit('audit')

    const spans = await recorder.waitFor(2)
    expect(spans.map((span) => [span.name, span.attributes['tenant.id']])).toEqual([
      ['GET /socket.io', 'corp'],
      ['process audit', 'corp'],
    ])
  })

  it('has no span for an event that nobody listens to, however a client calls it', async () => {
    const { io: server, url } = await served({ message: () => {} })
    const heard = new Promise((resolve) =>
      server.on('connection', (socket) =>
        socket.onAny((event) => resolve([event, currentTrace()?.traceId])),
      ),
    )
    const { socket } = await connect(url)
    closing.unshift(() => socket.close())
    socket.emit('evil-4711')

    const [event, traceId] = (await heard) as [string, string]
    expect(event).toBe('evil-4711')
    const [handshake, ...others] = recorder.spans()
    expect(traceId).toBe(handshake?.spanContext().traceId)
    expect(others).toEqual([])
  })

  it('has the error of a middleware that stops an event on its span', async () => {
    const { io: server, url } = await served({ message: () => {} })
    server.on('connection', (socket) => {
      socket.use((_packet, next) => setImmediate(() => next(new RangeError('no'))))
      socket.on('error', () => {})
    })
    const { socket } = await connect(url)
    closing.unshift(() => socket.close())
    socket.emit('note', 'one')

    const spans = await recorder.waitFor(2)
    expect(spans[1]).toMatchObject({
      name: 'process note',
      attributes: { 'error.type': 'RangeError' },
    })
  })

  it('calls the listeners that socket.io would call, and lets them be removed', async () => {
    const called: string[] = []
    const { io: server, url } = await served({})
    server.on('connection', (socket) => {
      const removed = (): unknown => called.push('removed')
      const kept = (): unknown => called.push('kept')
      socket.on('note', removed)
      socket.once('note', removed)
      socket.off('note', removed)
      socket.off('note', removed)
      socket.once('note', () => called.push('once'))
      socket.prependListener('note', () => called.push('first'))
      socket.on('note', kept)
      expect(socket.listeners('note')).toContain(kept)
      socket.on('ask', (question, answer) => answer(`${question}!`))
    })
    const { socket } = await connect(url)
    closing.unshift(() => socket.close())
    socket.emit('note')
    socket.emit('note')

    expect(await socket.emitWithAck('ask', 'well')).toBe('well!')
    expect(called).toEqual(['first', 'once', 'kept', 'first', 'kept'])
    expect((await recorder.waitFor(4)).filter((span) => span.name === 'process note')).toHaveLength(
      2,
    )
  })

  it('ends the handshake of a client that leaves before it is let in', async () => {
    const asked = deferred<void>()
    const { url } = await served({
      handshake: () => {
        asked.resolve()
        return new Promise(() => {})
      },
    })
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false })
    await asked.promise
    socket.close()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['error.type']).toBe('client_abort')
  })

  it('says what it needs', () => {
    expect(() => traceSocketIo({} as never)).toThrow('needs a Server of socket.io 4')
  })
})
