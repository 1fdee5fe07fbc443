// A hybrid application of Nest that calls itself over its gRPC transport; prints what each call left behind.
import 'reflect-metadata'
import { currentTrace, tenant } from '@callchain/core'
import { tracing as httpTracing } from '@callchain/express'
import { traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import { TracingModule } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import type { Server } from '@grpc/grpc-js'
import { type CanActivate, Controller, type ExecutionContext, Get, Module } from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import {
  type ClientGrpc,
  ClientProxyFactory,
  GrpcMethod,
  GrpcStreamMethod,
  RpcException,
  Transport,
} from '@nestjs/microservices'
import { ExpressAdapter } from '@nestjs/platform-express'
import { catchError, from, lastValueFrom, map, type Observable, of, toArray } from 'rxjs'
import { decorate } from './decorate.ts'
import { freePort } from './free-port.ts'
import { printSpans } from './print.ts'

const protoPath = process.argv[2] ?? ''
const NOT_FOUND = 5
const recorder = createRecorder()
const url = `127.0.0.1:${await freePort()}`
const called = { package: 'shop.v1', protoPath, url }
let seen: Record<string, unknown> = {}
const see = (where: string): void => {
  seen[where] = { span: currentTrace()?.spanId, tenant: tenant.get() }
}

class OutOfStock extends Error {}

class Guard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await Promise.resolve()
    if (context.getType() === 'http') return tenant.set('acme')
    see('guard')
    return true
  }
}

interface Item {
  readonly name: string
}
interface Reserved {
  readonly text: string
}

class StockController {
  async reserve({ name }: Item): Promise<Reserved> {
    await Promise.resolve()
    see('handler')
    if (name === 'error') throw new OutOfStock('none left')
    if (name === 'missing') throw new RpcException({ code: NOT_FOUND, message: 'no such item' })
    return { text: `${name} reserved` }
  }
  watch({ name }: Item): Observable<Reserved> {
    see('handler')
    return from([1, 2, 3]).pipe(map((left) => ({ text: `${left} of ${name}` })))
  }
  restock(items: Observable<Item>): Observable<Reserved> {
    see('handler')
    return items.pipe(
      toArray(),
      map((all) => ({ text: `${all.length} items` })),
    )
  }
}
decorate(StockController, 'reserve', GrpcMethod('Stock', 'Reserve'))
decorate(StockController, 'watch', GrpcMethod('Stock', 'Watch'))
decorate(StockController, 'restock', GrpcStreamMethod('Stock', 'Restock'))
Controller()(StockController)

const client = ClientProxyFactory.create({
  transport: Transport.GRPC,
  options: { ...called, channelOptions: { interceptors: [traceGrpc()] } },
}) as unknown as ClientGrpc

interface Stock {
  reserve(item: Item): Observable<Reserved>
  watch(item: Item): Observable<Reserved>
  restock(items: Observable<Item>): Observable<Reserved>
}

const text = (all: Observable<Reserved>): Promise<unknown> =>
  lastValueFrom(
    all.pipe(
      map((each) => each.text),
      catchError((error) => of([error.code, error.details])),
      toArray(),
    ),
  )

class Orders {
  private readonly stock = client.getService<Stock>('Stock')
  reserve(): Promise<unknown> {
    return text(this.stock.reserve({ name: 'lamp' }))
  }
  error(): Promise<unknown> {
    return text(this.stock.reserve({ name: 'error' }))
  }
  missing(): Promise<unknown> {
    return text(this.stock.reserve({ name: 'missing' }))
  }
  watch(): Promise<unknown> {
    return text(this.stock.watch({ name: 'lamp' }))
  }
  restock(): Promise<unknown> {
    return text(this.stock.restock(from([{ name: 'lamp' }, { name: 'vase' }])))
  }
}
const PATHS = ['reserve', 'error', 'missing', 'watch', 'restock']
for (const name of PATHS) decorate(Orders, name, Get(name))
Controller()(Orders)

class AppModule {}
Module({
  imports: [TracingModule.forRoot(httpTracing)],
  controllers: [Orders, StockController],
  providers: [{ provide: APP_GUARD, useClass: Guard }],
})(AppModule)

const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false })
app.connectMicroservice(
  {
    transport: Transport.GRPC,
    options: {
      ...called,
      channelOptions: { interceptors: [tracing()] },
      onLoadPackageDefinition: (_: unknown, server: Server) => void traceGrpcServer(server),
    },
  },
  { inheritAppConfig: true },
)
await app.startAllMicroservices()
await app.listen(0, '127.0.0.1')

for (const path of PATHS) {
  seen = {}
  recorder.reset()
  const answered = await fetch(`${await app.getUrl()}/${path}`)
  const answer = await answered.json()
  await recorder.waitFor((spans) => spans.length >= 3, { timeout: 3_000 }).catch(() => {})
  printSpans(recorder, { path, answer, seen })
}
await app.close()
await recorder.shutdown()
process.exit(0) // Nest has no way to close a client of gRPC that it did not make for a module.
