// An application of Nest that takes an order and mails it from a queue of BullMQ, over a Redis; prints
// what its processor saw of two tenants, and the spans.
import 'reflect-metadata'
import { randomUUID } from 'node:crypto'
import { tenant } from '@callchain/core'
import { tracing } from '@callchain/express'
import { bullTelemetry } from '@callchain/messaging/bullmq'
import { TracingModule } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq'
import { Controller, Module, Param, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Job, Queue } from 'bullmq'

const { hostname, port } = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1')
const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null }
const name = `mails-${randomUUID()}`
const recorder = createRecorder()
const seen: unknown[] = []

class Orders {
  private readonly mails: Queue

  constructor(mails: Queue) {
    this.mails = mails
  }

  async create(customer: string): Promise<string> {
    tenant.set(customer)
    await this.mails.add('confirm', customer, { attempts: 2 })
    return 'accepted'
  }
}
InjectQueue(name)(Orders, undefined, 0)
Param('customer')(Orders.prototype, 'create', 0)
Post(':customer')(
  Orders.prototype,
  'create',
  Object.getOwnPropertyDescriptor(Orders.prototype, 'create') as PropertyDescriptor,
)
Controller('orders')(Orders)

class Mails extends WorkerHost {
  async process(job: Job): Promise<void> {
    await new Promise(setImmediate)
    seen.push([job.data, tenant.get(), job.attemptsMade])
    if (job.data === 'acme' && job.attemptsMade === 0) throw new RangeError('at first')
  }
}
Processor(name, { concurrency: 2 })(Mails)

class AppModule {}
Module({
  imports: [
    TracingModule.forRoot(tracing),
    BullModule.forRoot({ connection, telemetry: bullTelemetry() }),
    BullModule.registerQueue({ name }),
  ],
  controllers: [Orders],
  providers: [Mails],
})(AppModule)

const app = await NestFactory.create(AppModule, { logger: false })
await app.listen(0, '127.0.0.1')
const { port: listening } = app.getHttpServer().address()
for (const customer of ['acme', 'beta'])
  await fetch(`http://127.0.0.1:${listening}/orders/${customer}`, { method: 'POST' })
const CONSUMER = 4
await recorder.waitFor((spans) => spans.filter(({ kind }) => kind === CONSUMER).length === 3)
const queue = app.get<Queue>(`BullQueue_${name}`)
await queue.obliterate({ force: true })
await app.close()

process.stdout.write(`${JSON.stringify({ seen })}\n`)
for (const span of recorder.spans()) {
  const { traceId, spanId } = span.spanContext()
  process.stdout.write(
    `${JSON.stringify({
      name: span.name.replace(name, 'mails'),
      traceId,
      spanId,
      parent: span.parentSpanContext?.spanId,
      links: span.links.map(({ context }) => context.spanId),
      tenant: span.attributes['tenant.id'],
      failed: span.status.code === 2,
    })}\n`,
  )
}
await recorder.shutdown()
