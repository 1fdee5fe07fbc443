import {
  createClientTracer,
  createDatabaseTracer,
  createMessageTracer,
  createRpcClientTracer,
  createRpcServerTracer,
  createServerTracer,
  runIn,
  tenant,
  traceJob,
} from '@callchain/core'
import { count, emitLogLine } from '@callchain/core/internal'
import { startTracing } from '@callchain/sdk'
import { metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { startCollector } from '../../packages/sdk/test/collector.ts'
import { freePort } from '../free-port.ts'

/** What Prometheus gets: the labels of each metric, by its name. */
export type EmittedMetrics = ReadonlyMap<string, ReadonlySet<string>>

const LISTENING_MILLIS = 20_000
const NONE = { header: () => undefined, setHeader() {}, removeHeader() {} }

/** Does some of all that is measured, in part so that it fails, and reads the Prometheus endpoint. */
export async function readEmittedMetrics(): Promise<EmittedMetrics> {
  const collector = await startCollector((response) => {
    response.statusCode = 500
    response.end()
  })
  const port = await freePort()
  const tracing = startTracing({
    endpoint: collector.url,
    exporter: 'otlp',
    logs: 'otlp',
    metrics: { exporter: ['otlp', 'prometheus'], port },
    keep: { share: 0 },
    batch: { maxQueueSize: 2 },
  })
  try {
    await work()
    await tracing.flush()
    return readText(await scrape(port))
  } finally {
    await tracing.shutdown()
    metrics.disable()
    await collector.close()
  }
}

async function work(): Promise<void> {
  request(200)
  for (let times = 0; times < 5; times++) request(500)
  for (let times = 0; times < 5; times++) emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'x' } })
  const call = createClientTracer().send({ ...NONE, method: 'GET', url: 'http://stock/' })
  call.receive({ error: new Error('broken') })
  const statement = { system: 'postgresql', summary: 'SELECT orders' }
  createDatabaseTracer()
    .send(statement)
    .receive({ error: new Error('broken') })
  messages()
  calls()
  await traceJob('identity', () => {
    tenant.set('acme')
    tenant.set('globex')
    tenant.set('a\u0000b')
  })
  // Only a callback of a real middleware goes astray by itself.
  count('callchain.context.foreign', 1, { middleware: 'session' })
}

function request(statusCode: number): void {
  const call = createServerTracer().receive({
    ...{ method: 'GET', target: '/orders/7', scheme: 'http', protocolVersion: '1.1' },
    ...{ peerAddress: '127.0.0.1', peerPort: 1, route: undefined, raw: {} },
    header: (name) => (name === 'baggage' ? 'no value' : undefined),
  })
  runIn(call, () => trace.getActiveSpan()?.setAttribute('password', 'secret'))
  call?.send({
    ...{ statusCode, complete: true, route: '/orders/:id', error: undefined },
    header: () => undefined,
  })
}

function messages(): void {
  const tracer = createMessageTracer()
  const where = { system: 'kafka', destination: 'orders' }
  const empty = { header: () => undefined, setHeader: () => true, removeHeader() {} }
  tracer.send({ ...where, operation: 'send', messages: [empty] }).confirm()
  const message = { header: () => undefined, raw: {} }
  const delivery = tracer.receive({ ...where, operation: 'process', messages: [message] })
  delivery.settle({ error: new Error('broken') })
}

function calls(): void {
  const method = { system: 'grpc', method: 'shop.Stock/Get' }
  const served = createRpcServerTracer().receive({
    ...{ ...method, peerAddress: '127.0.0.1', raw: {} },
    header: () => undefined,
  })
  served?.send({ status: 'INTERNAL', error: new Error('broken') })
  const sent = createRpcClientTracer().send({ ...NONE, ...method, hosts: ['stock'] })
  sent.receive({ status: 'UNAVAILABLE', error: new Error('broken') })
}

async function scrape(port: number): Promise<string> {
  const latest = Date.now() + LISTENING_MILLIS
  for (;;) {
    try {
      return await (await fetch(`http://localhost:${port}/metrics`)).text()
    } catch (error) {
      if (Date.now() > latest) throw error
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Prometheus adds `job` and `instance` to what it scrapes. */
function readText(text: string): EmittedMetrics {
  const found = new Map<string, Set<string>>()
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
    const known = found.get(name) ?? new Set(['job', 'instance'])
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label)
    found.set(name, known)
  }
  return found
}
