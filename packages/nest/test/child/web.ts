// An application of Nest with uploads, a stream of events and nestjs-pino; prints what each request left behind.
import 'reflect-metadata'
import { EventEmitter, once } from 'node:events'
import { Writable } from 'node:stream'
import { currentTrace, tenant, user } from '@callchain/core'
import { tracing as expressTracing } from '@callchain/express'
import { tracing as fastifyTracing } from '@callchain/fastify'
import { traceMixin } from '@callchain/logs/pino'
import { TracingModule } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import multipart from '@fastify/multipart'
import {
  type CanActivate,
  Controller,
  Get,
  Inject,
  Module,
  Post,
  Req,
  Sse,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common'
import { type AbstractHttpAdapter, APP_GUARD, NestFactory } from '@nestjs/core'
import { ExpressAdapter, FileInterceptor } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Logger, LoggerModule, PinoLogger } from 'nestjs-pino'
import { interval, map, type Observable, take } from 'rxjs'
import { decorate } from './decorate.ts'
import { printSpans } from './print.ts'

const platform = process.argv[2]
const MAX_BYTES = 64 * 1024
const recorder = createRecorder()
let lines: object[] = []
const written = new EventEmitter()
const isCompleted = (line: object): boolean => 'responseTime' in line
const destination = new Writable({
  write(chunk, _encoding, done) {
    const line = JSON.parse(String(chunk))
    lines.push(line)
    if (isCompleted(line)) written.emit('completed')
    done()
  },
})

class Guard implements CanActivate {
  canActivate(): boolean {
    user.set('ada')
    return tenant.set('acme')
  }
}

interface Multipart {
  file(): Promise<{ toBuffer(): Promise<Buffer> }>
}

class Files {
  private readonly log: PinoLogger
  constructor(log: PinoLogger) {
    this.log = log
  }
  hello(): object {
    this.log.info('in the handler')
    return {}
  }
  upload(file: { size: number } | undefined): object {
    return { size: file?.size, ...here() }
  }
  async streamed(request: Multipart): Promise<object> {
    const content = await (await request.file()).toBuffer()
    return { size: content.length, ...here() }
  }
  events(): Observable<object> {
    return interval(5).pipe(
      take(3),
      map((count) => ({ data: { count, ...here() } })),
    )
  }
  endless(): Observable<object> {
    return interval(5).pipe(map((count) => ({ data: { count } })))
  }
}
const here = (): object => ({ span: currentTrace()?.spanId, tenant: tenant.get() })
decorate(Files, 'hello', Get('hello'))
decorate(Files, 'events', Sse('events'))
decorate(Files, 'endless', Sse('endless'))
if (platform === 'express') {
  const limits = { fileSize: MAX_BYTES }
  decorate(Files, 'upload', UseInterceptors(FileInterceptor('file', { limits })), Post('upload'))
  UploadedFile()(Files.prototype, 'upload', 0)
} else {
  decorate(Files, 'streamed', Post('upload'))
  Req()(Files.prototype, 'streamed', 0)
}
Inject(PinoLogger)(Files, undefined, 0)
Controller('files')(Files)

class AppModule {}
Module({
  imports: [
    platform === 'express' ? TracingModule.forRoot(expressTracing) : TracingModule.forRoot(),
    LoggerModule.forRoot({
      pinoHttp: [{ mixin: traceMixin() }, destination],
      forRoutes: ['{*path}'],
    }),
  ],
  controllers: [Files],
  providers: [{ provide: APP_GUARD, useClass: Guard }],
})(AppModule)

async function adapterOf(): Promise<AbstractHttpAdapter> {
  if (platform === 'express') return new ExpressAdapter()
  const adapter = new FastifyAdapter()
  await adapter.register(fastifyTracing as never)
  await adapter.register(multipart as never, { limits: { fileSize: MAX_BYTES } })
  return adapter as unknown as AbstractHttpAdapter
}

const app = await NestFactory.create(AppModule, await adapterOf(), { bufferLogs: true })
app.useLogger(app.get(Logger))
await app.listen(0, '127.0.0.1')
const url = `${await app.getUrl()}/files`

await ask('hello', `${url}/hello`)
await ask('upload', `${url}/upload`, upload(100))
await ask('too large', `${url}/upload`, upload(MAX_BYTES + 1))
await ask('events', `${url}/events`, { headers: { accept: 'text/event-stream' } })
await leave()
await app.close()
await recorder.shutdown()

function upload(bytes: number): RequestInit {
  const body = new FormData()
  body.append('file', new Blob([Buffer.alloc(bytes)]), 'a.bin')
  return { method: 'POST', body }
}

async function ask(path: string, to: string, init: RequestInit = {}): Promise<void> {
  begin()
  const answered = await fetch(to, init)
  await print(path, { status: answered.status, answer: await answered.text() })
}

// Who reads events leaves in the middle of them.
async function leave(): Promise<void> {
  begin()
  const leaving = new AbortController()
  const answered = await fetch(`${url}/endless`, {
    headers: { accept: 'text/event-stream' },
    signal: leaving.signal,
  })
  const reader = answered.body?.getReader()
  await reader?.read()
  await reader?.read()
  const open = recorder.spans().length
  leaving.abort()
  await print('endless', { open })
}

function begin(): void {
  lines = []
  recorder.reset()
}

async function print(path: string, said: object): Promise<void> {
  await recorder.waitFor((spans) => spans.length >= 1, { timeout: 3_000 })
  // pino-http writes its line when the response has gone.
  if (!lines.some(isCompleted))
    await once(written, 'completed', { signal: AbortSignal.timeout(3_000) })
  printSpans(recorder, { path, ...said, lines })
}
