// A microservice of Nest over Redis or NATS, and who calls it; prints what a message and an event left behind.
import 'reflect-metadata'
import { EventEmitter, once } from 'node:events'
import { currentTrace, runWithIdentity, tenant } from '@callchain/core'
import { messageWith, traceSend } from '@callchain/messaging'
import { TracingModule, traceClientProxy, traceMicroservice } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import { Controller, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  ClientNats,
  type ClientProxy,
  ClientRedis,
  EventPattern,
  MessagePattern,
  NatsRecordBuilder,
  ServerNats,
  ServerRedis,
} from '@nestjs/microservices'
import { firstValueFrom, lastValueFrom } from 'rxjs'
import { decorate } from './decorate.ts'
import { printSpans } from './print.ts'

const transport = process.argv[2]
const recorder = createRecorder()
const { hostname, port, host } = new URL(
  (transport === 'nats' ? process.env.NATS_URL : process.env.REDIS_URL) ?? '',
)
const redis = { host: hostname, port: Number(port) }
const nats = { servers: [host] }
const done = new EventEmitter()
let seen: unknown

class Stock {
  reserve(item: string): string {
    seen = { span: currentTrace()?.spanId, tenant: tenant.get() }
    return `${item} reserved`
  }
  ordered(): void {
    seen = { span: currentTrace()?.spanId, tenant: tenant.get() }
    done.emit('ordered')
  }
}
decorate(Stock, 'reserve', MessagePattern('reserve'))
decorate(Stock, 'ordered', EventPattern('ordered') as MethodDecorator)
Controller()(Stock)

class AppModule {}
Module({ imports: [TracingModule.forRoot()], controllers: [Stock] })(AppModule)

const server = transport === 'nats' ? new ServerNats(nats) : new ServerRedis(redis)
const app = await NestFactory.createMicroservice(AppModule, {
  strategy: traceMicroservice(server),
  logger: false,
})
await app.listen()

const client = (transport === 'nats'
  ? new ClientNats(nats)
  : traceClientProxy(new ClientRedis(redis))) as unknown as ClientProxy
await client.connect()

await ask('reserve', () => run('reserve', (data) => firstValueFrom(client.send('reserve', data))))
await ask('ordered', async () => {
  const handled = once(done, 'ordered', { signal: AbortSignal.timeout(3_000) })
  await run('ordered', (data) =>
    lastValueFrom(client.emit('ordered', data), { defaultValue: undefined }),
  )
  await handled
})
client.close()
await app.close()
await recorder.shutdown()
process.exit(0)

// Over NATS the headers are the application's to fill, over Redis they are the packet's.
async function run(name: string, send: (data: unknown) => Promise<unknown>): Promise<unknown> {
  if (transport !== 'nats') return send('lamp')
  const { headers: headersOf } = await import('@nats-io/transport-node')
  const headers: Record<string, string> = {}
  const sending = { system: 'nats', operation: 'send', destination: name }
  return traceSend({ ...sending, messages: [messageWith(headers)] }, () => {
    const carried = headersOf()
    for (const [key, value] of Object.entries(headers)) carried.set(key, value)
    return send(new NatsRecordBuilder('lamp').setHeaders(carried).build())
  })
}

async function ask(path: string, act: () => Promise<unknown>): Promise<void> {
  seen = undefined
  recorder.reset()
  const answer = await runWithIdentity({ 'tenant.id': 'acme' }, act)
  await recorder.waitFor((spans) => spans.length >= 3, { timeout: 3_000 }).catch(() => {})
  printSpans(recorder, { path, answer, seen })
}
