// Nest on a Fastify that was traced before the adapter got it; prints what a preflight and a request left behind.
import 'reflect-metadata'
import { currentTrace } from '@callchain/core'
import { tracing } from '@callchain/fastify'
import { TracingModule } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import { Controller, Get, type MiddlewareConsumer, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import Fastify from 'fastify'
import { decorate } from './decorate.ts'
import { printSpans } from './print.ts'

const recorder = createRecorder()
let middleware: string | undefined

class Items {
  item(): object {
    return { handler: currentTrace()?.spanId, middleware }
  }
}
decorate(Items, 'item', Get('item'))
Controller()(Items)

class AppModule {
  configure(consumer: MiddlewareConsumer): void {
    const step = (_req: unknown, _res: unknown, next: () => void): void => {
      middleware = currentTrace()?.spanId
      next()
    }
    consumer.apply(step).forRoutes('{*path}')
  }
}
Module({ imports: [TracingModule.forRoot()], controllers: [Items] })(AppModule)

const fastify = Fastify()
await fastify.register(tracing)
const app = await NestFactory.create(AppModule, new FastifyAdapter(fastify as never) as never, {
  logger: false,
})
app.enableCors()
await app.listen(0, '127.0.0.1')

for (const method of ['OPTIONS', 'GET']) {
  recorder.reset()
  const headers = { origin: 'http://a', 'access-control-request-method': 'GET' }
  const answered = await fetch(`${await app.getUrl()}/item`, { method, headers })
  const answer = await answered.text()
  await recorder.waitFor((spans) => spans.length >= 1, { timeout: 3_000 }).catch(() => {})
  printSpans(recorder, { path: method, status: answered.status, answer })
}
await app.close()
await recorder.shutdown()
