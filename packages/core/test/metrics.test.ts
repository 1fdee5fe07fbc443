import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  createClientTracer,
  createServerTracer,
  runIn,
  type TracingOptions,
  tenant,
} from '../src/index.ts'
import { answered, incoming, outgoing, record } from './recorder.ts'

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

let exporter: InMemoryMetricExporter
let reader: PeriodicExportingMetricReader
let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 })
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
})
afterEach(async () => {
  await reader.shutdown()
  metrics.disable()
  await stop()
})

async function read(name: string) {
  await reader.forceFlush()
  const all =
    exporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
  return all.find(({ descriptor }) => descriptor.name === name)
}

function serve(
  options: TracingOptions,
  headers: Record<string, string>,
  status: number,
  { route, length = '11' }: { route?: string; length?: string } = {},
) {
  const call = createServerTracer(options).receive(incoming(headers))
  call?.send({
    ...answered(status, route),
    header: (name) => (name === 'content-length' ? length : undefined),
  })
}

describe('http.server.request.duration', () => {
  it('carries what the span carries, in seconds and the buckets of the conventions', async () => {
    const from = performance.now()
    serve({}, {}, 200, { route: '/users/:id' })
    const elapsedSeconds = (performance.now() - from) / 1000
    const metric = await read('http.server.request.duration')
    expect(metric?.descriptor).toMatchObject({ unit: 's' })
    const [point] = (metric?.dataPoints ?? []) as DataPoint<Histogram>[]
    expect(point?.attributes).toEqual({
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
      'http.response.status_code': 200,
      'http.route': '/users/:id',
    })
    expect(point?.value.buckets.boundaries).toEqual([
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ])
    expect(point?.value.max).toBeLessThanOrEqual(elapsedSeconds)
  })

  it('counts requests that are not sampled, and failures with their error.type', async () => {
    serve({}, { traceparent: PARENT }, 503)
    const [point] = (await read('http.server.request.duration'))?.dataPoints ?? []
    expect(point?.attributes).toMatchObject({
      'error.type': '503',
      'http.response.status_code': 503,
    })
  })

  it('leaves out what recordDuration leaves out', async () => {
    serve({ recordDuration: () => false }, {}, 200)
    expect((await read('http.server.request.duration'))?.dataPoints ?? []).toEqual([])
  })

  it('counts a request where recordDuration throws', async () => {
    const recordDuration = () => {
      throw new Error('broken')
    }
    serve({ recordDuration }, {}, 200)
    expect((await read('http.server.request.duration'))?.dataPoints).toHaveLength(1)
  })

  it("has the route that was known from the start, and the scheme of the caller's own request", async () => {
    const request = incoming({ 'x-forwarded-proto': 'https' }, { route: '/early' })
    createServerTracer().receive(request)?.send(answered(200))
    const [point] = (await read('http.server.request.duration'))?.dataPoints ?? []
    expect(point?.attributes).toMatchObject({ 'http.route': '/early', 'url.scheme': 'https' })
  })
})

describe('http.server.active_requests', () => {
  it('goes up and down', async () => {
    const call = createServerTracer().receive(incoming())
    expect((await read('http.server.active_requests'))?.dataPoints).toMatchObject([
      { value: 1, attributes: { 'http.request.method': 'GET', 'url.scheme': 'http' } },
    ])
    call?.send(answered(200))
    expect((await read('http.server.active_requests'))?.dataPoints).toMatchObject([{ value: 0 }])
  })
})

describe('body sizes', () => {
  it('are recorded when asked for', async () => {
    serve({ bodySizes: true }, { 'content-length': '5' }, 200)
    expect((await read('http.server.request.body.size'))?.dataPoints).toMatchObject([
      { value: { sum: 5 } },
    ])
    expect((await read('http.server.response.body.size'))?.dataPoints).toMatchObject([
      { value: { sum: 11 } },
    ])
  })

  it('are not recorded where a message does not say its length', async () => {
    createServerTracer({ bodySizes: true }).receive(incoming())?.send(answered(200))
    expect((await read('http.server.request.body.size'))?.dataPoints ?? []).toEqual([])
    expect((await read('http.server.response.body.size'))?.dataPoints ?? []).toEqual([])
  })

  it('are not recorded where a length is not a whole number of bytes that a number can hold', async () => {
    const [bodySizes, length] = [true, '9'.repeat(20)]
    serve({ bodySizes }, { 'content-length': length }, 200, { length })
    serve({ bodySizes }, { 'content-length': '1.5' }, 200, { length: '1.5' })
    expect((await read('http.server.request.body.size'))?.dataPoints ?? []).toEqual([])
    expect((await read('http.server.response.body.size'))?.dataPoints ?? []).toEqual([])
  })

  it('of empty bodies are 0', async () => {
    serve({ bodySizes: true }, { 'content-length': '0' }, 200, { length: '0' })
    const empty = [{ value: { count: 1, sum: 0 } }]
    expect((await read('http.server.request.body.size'))?.dataPoints).toMatchObject(empty)
    expect((await read('http.server.response.body.size'))?.dataPoints).toMatchObject(empty)
  })

  it('are not recorded otherwise', async () => {
    serve({}, { 'content-length': '5' }, 200)
    expect((await read('http.server.request.body.size'))?.dataPoints ?? []).toEqual([])
  })
})

describe('http.client.request.duration', () => {
  it('carries method, server, status and error.type', async () => {
    createClientTracer().send(outgoing('http://orders:8080/x')).receive({ statusCode: 404 })
    const [point] = (await read('http.client.request.duration'))?.dataPoints ?? []
    expect(point?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'server.address': 'orders',
      'server.port': 8080,
      'http.response.status_code': 404,
      'error.type': '404',
    })
  })
})

describe('what is dropped', () => {
  it('is counted by field and reason', async () => {
    const call = createServerTracer().receive(
      incoming({ baggage: 'tenant.id=a%0Ab,user.id=ada,bad' }),
    )
    runIn(call, () => tenant.set('x'.repeat(300)))
    call?.send(answered(200))
    expect((await read('callchain.identity.dropped'))?.dataPoints).toMatchObject([
      { value: 1, attributes: { field: 'tenant.id', reason: 'control-character' } },
      { value: 1, attributes: { field: 'tenant.id', reason: 'size' } },
    ])
    expect((await read('callchain.baggage.dropped'))?.dataPoints).toMatchObject([{ value: 1 }])
  })

  it('is counted when the application contradicts the caller', async () => {
    const call = createServerTracer().receive(incoming({ baggage: 'tenant.id=evil' }))
    runIn(call, () => tenant.set('acme'))
    call?.send(answered(200))
    expect((await read('callchain.identity.conflicts'))?.dataPoints).toMatchObject([
      { value: 1, attributes: { field: 'tenant.id' } },
    ])
  })
})
