// An application of Nest with a gateway, on ws or on socket.io; prints what each message left behind.
import 'reflect-metadata'
import { EventEmitter, once } from 'node:events'
import { currentTrace, tenant } from '@callchain/core'
import { tracing } from '@callchain/express'
import { TracingModule, traceWebSocketAdapter } from '@callchain/nest'
import { traceSocketIo } from '@callchain/sockets/socket.io'
import { traceWebSocketServer } from '@callchain/sockets/ws'
import { createRecorder } from '@callchain/testing'
import { type CanActivate, type INestApplication, Module, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { WsAdapter } from '@nestjs/platform-ws'
import { SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets'
import { delay, type Observable, of, throwError } from 'rxjs'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { decorate } from './decorate.ts'
import { printSpans } from './print.ts'

const library = process.argv[2]
const recorder = createRecorder()
let seen: Record<string, unknown> = {}
const see = (where: string): void => {
  seen[where] = { span: currentTrace()?.spanId, tenant: tenant.get() }
}

const left = new EventEmitter()

class OutOfStock extends Error {}

class Guard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await Promise.resolve()
    see('guard')
    return true
  }
}

class Chat {
  handleConnection(client: object): void {
    see('handleConnection')
    tenant.set('acme', client)
  }
  handleDisconnect(): void {
    see('handleDisconnect')
    left.emit('left')
  }
  async say(_client: object, text: string): Promise<object> {
    await new Promise((resolve) => setTimeout(resolve, 5))
    see('handler')
    return { event: 'said', data: text }
  }
  own(): object {
    tenant.set('initech')
    return { event: 'said', data: 'own' }
  }
  stream(): Observable<object> {
    return of({ event: 'said', data: 'streamed' }).pipe(delay(5))
  }
  failed(): Promise<never> {
    return Promise.reject(new OutOfStock('none left'))
  }
  refused(): void {
    throw new WsException('sold out')
  }
  broken(): Observable<never> {
    return throwError(() => new OutOfStock('broken off'))
  }
}
const EVENTS = ['say', 'own', 'stream', 'failed', 'refused', 'broken']
for (const name of EVENTS) decorate(Chat, name, SubscribeMessage(name))
UseGuards(Guard)(Chat)
WebSocketGateway({ path: '/chat' })(Chat)

class AppModule {}
Module({ imports: [TracingModule.forRoot(tracing)], providers: [Chat, Guard] })(AppModule)

const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false })
app.useWebSocketAdapter(adapterOf(app))
await app.listen(0, '127.0.0.1')
const url = await app.getUrl()

const client = library === 'ws' ? await connectWs() : await connectIo()
await recorder.waitFor((spans) => spans.length >= 1, { timeout: 3_000 })
printSpans(recorder, { path: 'handshake', seen })
for (const event of EVENTS) await say(event)
seen = {}
recorder.reset()
const hasLeft = once(left, 'left', { signal: AbortSignal.timeout(10_000) })
client.close()
await hasLeft
printSpans(recorder, { path: 'disconnect', seen })
await app.close()
await recorder.shutdown()

async function say(event: string): Promise<void> {
  seen = {}
  recorder.reset()
  const answer = await client.say(event)
  await recorder.waitFor((spans) => spans.length >= 1, { timeout: 3_000 }).catch(() => {})
  printSpans(recorder, { path: event, answer, seen })
}

function adapterOf(nest: INestApplication): WsAdapter | IoAdapter {
  return library === 'ws'
    ? traceWebSocketAdapter(new WsAdapter(nest), traceWebSocketServer)
    : traceWebSocketAdapter(new IoAdapter(nest), traceSocketIo)
}

interface Client {
  say(event: string): Promise<unknown>
  close(): void
}

async function connectWs(): Promise<Client> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat`)
  await once(socket, 'open')
  return {
    say: async (event) => {
      socket.send(JSON.stringify({ event, data: 'hello' }))
      // Nest answers exceptions on ws by an event of the server's own socket, which sends nothing.
      if (['failed', 'refused', 'broken'].includes(event)) return undefined
      const [data] = await once(socket, 'message', { signal: AbortSignal.timeout(3_000) })
      return JSON.parse(String(data))
    },
    close: () => socket.close(),
  }
}

async function connectIo(): Promise<Client> {
  const socket = io(url, { path: '/chat', transports: ['websocket'] })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return {
    say: (event) =>
      new Promise((resolve) => {
        const take = (data: unknown): void => {
          socket.off('said')
          socket.off('exception')
          resolve(data)
        }
        socket.once('said', take)
        socket.once('exception', take)
        socket.emit(event, 'hello')
      }),
    close: () => socket.close(),
  }
}
