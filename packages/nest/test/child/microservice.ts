// A hybrid application of Nest that calls itself over TCP; prints what each request left behind.
import 'reflect-metadata'
import { EventEmitter, once } from 'node:events'
import { currentTrace, runWithIdentity, tenant } from '@callchain/core'
import { tracing } from '@callchain/express'
import { TracingModule, traceClientProxy, traceMicroservice } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Module,
} from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  RpcException,
  ServerTCP,
  Transport,
} from '@nestjs/microservices'
import { ExpressAdapter } from '@nestjs/platform-express'
import {
  catchError,
  delay,
  firstValueFrom,
  lastValueFrom,
  map,
  type Observable,
  of,
  timeout,
  toArray,
} from 'rxjs'
import { decorate } from './decorate.ts'
import { freePort } from './free-port.ts'
import { printSpans } from './print.ts'

const recorder = createRecorder()
const port = await freePort()
let seen: Record<string, unknown> = {}
const see = (where: string): void => {
  seen[where] = { span: currentTrace()?.spanId, tenant: tenant.get() }
}

const notes = new EventEmitter()
const late = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(3_000) })

class OutOfStock extends Error {}

class Guard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await Promise.resolve()
    if (context.getType() === 'http') return tenant.set('acme')
    see('guard')
    return true
  }
}

class Stock {
  async reserve(item: string): Promise<string> {
    await Promise.resolve()
    see('handler')
    if (item === 'own') tenant.set('initech')
    if (item === 'error') throw new OutOfStock('none left')
    if (item === 'refused') throw new RpcException('sold out')
    return `${item} reserved`
  }
  stream(): Observable<number> {
    return of(1, 2, 3).pipe(delay(1))
  }
  never(): Promise<never> {
    return new Promise(() => {})
  }
  noted(): void {
    see('first')
  }
  async alsoNoted(): Promise<void> {
    await Promise.resolve()
    see('second')
    notes.emit('second')
  }
}
decorate(Stock, 'reserve', MessagePattern({ cmd: 'reserve' }))
decorate(Stock, 'stream', MessagePattern('stream'))
decorate(Stock, 'never', MessagePattern('never'))
decorate(Stock, 'noted', EventPattern('ordered') as MethodDecorator)
decorate(Stock, 'alsoNoted', EventPattern('ordered') as MethodDecorator)
Controller()(Stock)

class Orders {
  private readonly stock: ClientProxy
  constructor(stock: ClientProxy) {
    this.stock = stock
  }
  async reserve(): Promise<unknown> {
    const reserved = this.stock.send({ cmd: 'reserve' }, 'lamp')
    return { answer: await firstValueFrom(reserved.pipe(map((text) => [text, here()]))) }
  }
  async own(): Promise<unknown> {
    return { answer: await firstValueFrom(this.stock.send({ cmd: 'reserve' }, 'own')) }
  }
  async failed(): Promise<unknown> {
    return { answer: await this.answerTo('error') }
  }
  async refused(): Promise<unknown> {
    return { answer: await this.answerTo('refused') }
  }
  async stream(): Promise<unknown> {
    return { answer: await lastValueFrom(this.stock.send('stream', {}).pipe(toArray())) }
  }
  async impatient(): Promise<unknown> {
    const never = this.stock.send('never', {}).pipe(timeout(20))
    return { answer: await firstValueFrom(never.pipe(catchError(() => of('gave up')))) }
  }
  async unknown(): Promise<unknown> {
    const none = this.stock.send('none', {}).pipe(catchError((error) => of(error)))
    return { answer: await firstValueFrom(none) }
  }
  async event(): Promise<unknown> {
    await lastValueFrom(this.stock.emit('ordered', { item: 'lamp' }), { defaultValue: undefined })
    return { answer: 'sent' }
  }
  private answerTo(item: string): Promise<unknown> {
    const reserved = this.stock.send({ cmd: 'reserve' }, item)
    return firstValueFrom(reserved.pipe(catchError((error) => of(error))))
  }
}
const here = (): unknown => currentTrace()?.spanId
const PATHS = ['reserve', 'own', 'failed', 'refused', 'stream', 'impatient', 'unknown', 'event']
for (const name of PATHS) decorate(Orders, name, Get(name))
Inject('STOCK')(Orders, undefined, 0)
Controller()(Orders)

const client = traceClientProxy(
  ClientProxyFactory.create({ transport: Transport.TCP, options: { port, host: '127.0.0.1' } }),
)

class AppModule {}
Module({
  imports: [TracingModule.forRoot(tracing)],
  controllers: [Orders, Stock],
  providers: [
    { provide: 'STOCK', useValue: traceClientProxy(client) },
    { provide: APP_GUARD, useClass: Guard },
  ],
})(AppModule)

const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false })
const strategy = traceMicroservice(new ServerTCP({ port, host: '127.0.0.1' }))
app.connectMicroservice({ strategy: traceMicroservice(strategy) }, { inheritAppConfig: true })
await app.startAllMicroservices()
await app.listen(0, '127.0.0.1')
const url = await app.getUrl()

for (const path of PATHS) await ask(path)
await askWithout()
client.close()
await app.close()
await recorder.shutdown()

/** How many spans each leaves: of HTTP, of who sends, of who handles. */
async function ask(path: string): Promise<void> {
  seen = {}
  recorder.reset()
  const answered = await fetch(`${url}/${path}`)
  const { answer } = (await answered.json()) as { answer: unknown }
  const expected = path === 'unknown' ? 2 : 3
  // A handler that never ends has no span to wait for.
  const count = path === 'impatient' ? 2 : expected
  await recorder.waitFor((spans) => spans.length >= count, { timeout: 3_000 }).catch(() => {})
  if (path === 'event' && seen.second === undefined) await once(notes, 'second', late())
  print(path, answer)
}

// A message that nobody traced has sent.
async function askWithout(): Promise<void> {
  const plain = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { port, host: '127.0.0.1' },
  })
  seen = {}
  recorder.reset()
  const answer = await runWithIdentity({ 'tenant.id': 'acme' }, () =>
    firstValueFrom(plain.send({ cmd: 'reserve' }, 'lamp')),
  )
  await recorder.waitFor((spans) => spans.length >= 1, { timeout: 3_000 }).catch(() => {})
  plain.close()
  print('untraced', answer)
}

function print(path: string, answer: unknown): void {
  printSpans(recorder, { path, answer, seen })
}
