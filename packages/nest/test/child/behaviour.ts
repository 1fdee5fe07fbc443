// An application of Nest with everything that can throw or run in it; prints each SERVER span with what
// the application saw while it was served.
import 'reflect-metadata'
import { currentTrace, tenant } from '@callchain/core'
import { tracing as expressTracing } from '@callchain/express'
import { tracing as fastifyTracing } from '@callchain/fastify'
import { Traced, TracingModule } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import {
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  NotFoundException,
  Sse,
  UseFilters,
  VersioningType,
} from '@nestjs/common'
import { type AbstractHttpAdapter, APP_FILTER, NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { interval, map, type Observable, take } from 'rxjs'
import { decorate } from './decorate.ts'

const platform = process.argv[2]
const recorder = createRecorder()
let seen: Record<string, string | undefined> = {}
const see = (where: string): void => {
  seen[where] = currentTrace()?.spanId
}

class OutOfStock extends Error {}

class Guard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await Promise.resolve()
    see('guard')
    const { url } = context.switchToHttp().getRequest()
    if (url.endsWith('/guard')) throw new OutOfStock('guard')
    if (url.endsWith('/bounds')) throw new RangeError('guard')
    return url.endsWith('/refused') ? false : tenant.set('acme')
  }
}

class Interceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    see('interceptor')
    return next.handle()
  }
}

class CatchesOutOfStock {
  catch(_error: OutOfStock, host: ExecutionContext): void {
    see('filter')
    answer(host, 418)
  }
}
Catch(OutOfStock)(CatchesOutOfStock)

class CatchesAll {
  catch(_error: unknown, host: ExecutionContext): void {
    answer(host, 503)
  }
}
Catch()(CatchesAll)

// The application's own, which must be asked before ours: it knows range errors.
class CatchesRangeErrors {
  catch(_error: RangeError, host: ExecutionContext): void {
    answer(host, 507)
  }
}
Catch(RangeError)(CatchesRangeErrors)

function answer(host: ExecutionContext, status: number): void {
  const response = host.switchToHttp().getResponse()
  if (platform === 'express') response.status(status).json({})
  else response.code(status).send({})
}

class Stock {
  async find(): Promise<string | undefined> {
    return currentTrace()?.spanId
  }
  lose(): void {
    throw new OutOfStock('lost')
  }
}
for (const name of ['find', 'lose']) decorate(Stock, name, Traced())
Injectable()(Stock)

class Items {
  private readonly stock: Stock
  constructor(stock: Stock) {
    this.stock = stock
  }
  async item(): Promise<object> {
    see('handler')
    return { inner: await this.stock.find() }
  }
  error(): void {
    throw new OutOfStock('handler')
  }
  async rejects(): Promise<void> {
    throw new OutOfStock('handler')
  }
  lost(): void {
    this.stock.lose()
  }
  missing(): void {
    throw new NotFoundException()
  }
  unavailable(): void {
    throw new HttpException('later', 503)
  }
  range(): void {
    throw new RangeError('out')
  }
  events(): Observable<object> {
    return interval(1).pipe(
      take(2),
      map(() => {
        see('event')
        return { data: 'x' }
      }),
    )
  }
  guard(): void {}
  refused(): void {}
  bounds(): void {}
}
Inject(Stock)(Items, undefined, 0)

for (const [name, path] of [['item', 'of/:id'], ['error'], ['rejects'], ['lost'], ['missing']])
  decorate(Items, name as string, Get(path ?? name))
for (const name of ['unavailable', 'range', 'guard', 'refused', 'bounds'])
  decorate(Items, name, Get(name))
Object.defineProperties(Items.prototype, {
  teapot: { value: Items.prototype.error.bind(undefined), configurable: true, writable: true },
  all: { value: () => Items.prototype.error(), configurable: true, writable: true },
})
decorate(Items, 'teapot', UseFilters(CatchesOutOfStock), Get('teapot'))
decorate(Items, 'all', UseFilters(CatchesAll), Get('all'))
decorate(Items, 'events', Sse('events'))
Controller({ path: 'items', version: '1' })(Items)

class AppModule {
  configure(consumer: MiddlewareConsumer): void {
    const middleware = (_req: unknown, _res: unknown, next: () => void): void => {
      see('middleware')
      next()
    }
    consumer.apply(middleware).forRoutes('{*path}')
  }
}
Module({
  imports: [
    platform === 'express' ? TracingModule.forRoot(expressTracing) : TracingModule.forRoot(),
  ],
  controllers: [Items],
  providers: [Stock, { provide: APP_FILTER, useClass: CatchesRangeErrors }],
})(AppModule)

async function adapterOf(): Promise<AbstractHttpAdapter> {
  if (platform === 'express') return new ExpressAdapter()
  const adapter = new FastifyAdapter()
  await adapter.register(fastifyTracing as never)
  return adapter as unknown as AbstractHttpAdapter
}

const app = await NestFactory.create(AppModule, await adapterOf(), { logger: false })
app.setGlobalPrefix('api')
app.enableVersioning({ type: VersioningType.URI })
app.enableCors()
app.useGlobalGuards(new Guard())
app.useGlobalInterceptors(new Interceptor())
await app.listen(0, '127.0.0.1')
const { port } = app.getHttpServer().address()

const paths = [
  'of/7',
  'error',
  'rejects',
  'lost',
  'missing',
  'unavailable',
  'range',
  'guard',
  'refused',
  'bounds',
]
for (const path of [...paths, 'teapot', 'all', 'events', 'none/such']) {
  await ask(path, 'GET')
}
if (platform === 'express') await ask('of/7', 'OPTIONS')
await app.close()
await recorder.shutdown()

async function ask(path: string, method: string): Promise<void> {
  seen = {}
  recorder.reset()
  const headers = { origin: 'http://a', 'access-control-request-method': 'GET' }
  const answered = await fetch(`http://127.0.0.1:${port}/api/v1/items/${path}`, { method, headers })
  const text = await answered.text()
  const served = recorder.waitFor((spans) => spans.some(({ kind }) => kind === 1), {
    timeout: 3_000,
  })
  await served.catch(() => {})
  const span = recorder.spans().find(({ kind }) => kind === 1)
  const inner = recorder.spans().find(({ kind }) => kind === 0)
  const id = span?.spanContext().spanId
  process.stdout.write(
    `${JSON.stringify({
      path: method === 'GET' ? path : `${method} ${path}`,
      status: answered.status,
      name: span?.name,
      errorType: span?.attributes['error.type'],
      exceptions: span?.events.map(({ attributes }) => attributes?.['exception.message']),
      tenant: span?.attributes['tenant.id'],
      inner: inner && [inner.name, inner.status.code, inner.parentSpanContext?.spanId === id],
      isInnerActive: text.includes(inner?.spanContext().spanId ?? '?'),
      inSpan: Object.entries(seen)
        .filter(([, at]) => at === id)
        .map(([where]) => where)
        .sort()
        .join(' '),
      outside: Object.entries(seen).flatMap(([where, at]) => (at === id ? [] : [where])),
    })}\n`,
  )
}
