import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { parse } from 'protobufjs'
import type { StartTracingOptions } from '../../src/index.ts'
import { type Collector, closedUrl, startCollector } from '../collector.ts'
import { said, start } from '../tracing-session.ts'
import { lastMetrics, type Series, seriesOf } from './decode-metrics.ts'
import { callHost, queryAndSend, serveRequests } from './work.ts'

let collector: Collector | undefined

afterEach(async () => {
  metrics.disable()
  jest.resetModules()
  await collector?.close()
  collector = undefined
})

/** What is sent of `work`, in OTLP/JSON. */
async function sent(
  work: () => unknown,
  options: StartTracingOptions = { metrics: 'otlp' },
  variables: Record<string, string> = {},
): Promise<(name: string) => Series[]> {
  collector = await startCollector()
  const json = { endpoint: collector.url, protocol: 'http/json', serviceName: 'a' } as const
  const tracing = start({ ...json, ...options }, variables)
  await work()
  await tracing.flush()
  return lastMetrics(collector)
}

describe("metrics: 'otlp'", () => {
  it('sends the metrics of requests, calls, statements and messages', async () => {
    const read = await sent(async () => {
      await serveRequests(['/orders/1', '/orders/2', '/nothing/here'])
      callHost('stock.internal:8080')
      queryAndSend()
    })
    const served = read('http.server.request.duration')
    expect(served.map(({ value, attributes }) => [attributes['http.route'], value])).toEqual([
      ['/orders/:id', 2],
      [undefined, 1],
    ])
    expect(served[0]).toMatchObject({
      unit: 's',
      kind: 'histogram',
      temporality: 2,
      bounds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
    })
    expect(JSON.stringify(served)).not.toContain('/nothing')
    expect(read('http.server.active_requests')).toMatchObject([{ value: 0 }])
    expect(read('http.client.request.duration')).toMatchObject([
      { value: 1, attributes: { 'server.address': 'stock.internal', 'server.port': 8080 } },
    ])
    expect(read('db.client.operation.duration')).toMatchObject([
      { value: 1, attributes: { 'db.query.summary': 'SELECT orders' } },
    ])
    expect(read('messaging.client.sent.messages')).toMatchObject([{ value: 1 }])
    expect(read('messaging.process.duration')).toMatchObject([
      { value: 1, attributes: { 'messaging.destination.name': 'orders' } },
    ])
    expect(said()).toEqual([])
  })

  it('sends protobuf by default, with the attributes of the service', async () => {
    collector = await startCollector()
    const tracing = start({ endpoint: collector.url, metrics: 'otlp', serviceName: 'orders' })
    callHost('a')
    await tracing.flush()
    const got = collector.received.find(({ path }) => path === '/v1/metrics')
    const { root } = parse(
      `syntax = "proto3"; message Request { repeated All all = 1; }
       message All { Resource resource = 1; repeated Scope scopes = 2; string schema = 3; }
       message Resource { repeated Pair attributes = 1; }
       message Pair { string key = 1; Value value = 2; } message Value { string text = 1; }
       message Scope { repeated Metric metrics = 2; } message Metric { string name = 1; }`,
    )
    const type = root.lookupType('Request')
    const { all } = type.toObject(type.decode(got?.body ?? Buffer.alloc(0)))
    expect(got?.headers['content-type']).toBe('application/x-protobuf')
    expect(all[0].resource.attributes).toContainEqual({
      key: 'service.name',
      value: { text: 'orders' },
    })
    expect(JSON.stringify(all[0].scopes)).toContain('http.client.request.duration')
  })

  it('sends them every so often, and once more at shutdown', async () => {
    collector = await startCollector()
    const options = { endpoint: collector.url, protocol: 'http/json', exporter: 'none' } as const
    const tracing = start({ ...options, metrics: { intervalMillis: 20 } })
    callHost('a')
    await collector.requests(2)
    callHost('a')
    await tracing.shutdown()
    expect(lastMetrics(collector)('http.client.request.duration')).toMatchObject([{ value: 2 }])
    expect(metrics.getMeterProvider().getMeter('x').createCounter('x').constructor.name).toMatch(
      /Noop/,
    )
  })

  it.each([
    ['delta', [AggregationTemporality.DELTA, AggregationTemporality.DELTA]],
    ['lowmemory', [AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE]],
    ['cumulative', [AggregationTemporality.CUMULATIVE, AggregationTemporality.CUMULATIVE]],
  ])('sends histograms and observed counters as %s asks', async (preference, [one, other]) => {
    // In OTLP, 1 is delta and 2 is cumulative.
    const read = await sent(() => callHost('a'), undefined, {
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference,
    })
    expect(read('http.client.request.duration')[0]?.temporality).toBe((one ?? 0) + 1)
    expect(read('otel.sdk.span.started')[0]?.temporality).toBe((other ?? 0) + 1)
    expect(read('otel.sdk.span.live')[0]?.temporality).toBe(2)
  })

  it('sends exponential histograms where they are asked for', async () => {
    const read = await sent(() => callHost('a'), {
      metrics: { histograms: 'base2_exponential_bucket_histogram' },
    })
    expect(read('http.client.request.duration')[0]?.kind).toBe('exponentialHistogram')
  })

  it('bounds the values of an attribute, and keeps all other attributes', async () => {
    const read = await sent(
      () => {
        for (let host = 0; host < 6; host++) callHost(`host-${host}`)
        callHost('host-0')
      },
      { metrics: { maxValues: 3 } },
    )
    const found = read('http.client.request.duration').map(({ attributes, value }) => [
      attributes['server.address'],
      attributes['http.request.method'],
      value,
    ])
    expect(found).toEqual([
      ['host-0', 'GET', 2],
      ['host-1', 'GET', 1],
      ['host-2', 'GET', 1],
      ['_OTHER', 'GET', 3],
    ])
    expect(said().filter((line) => line.includes('server.address'))).toHaveLength(1)
  })

  it('bounds the series of a metric', async () => {
    const read = await sent(
      () => {
        const counter = metrics.getMeter('of the application').createCounter('orders')
        for (let id = 0; id < 20; id++) counter.add(1, { id })
      },
      { metrics: { maxSeries: 5 } },
    )
    expect(read('orders').length).toBeLessThanOrEqual(5)
    expect(read('orders').reduce((sum, { value }) => sum + value, 0)).toBe(20)
  })

  it('makes no spans of its own', async () => {
    await sent(() => callHost('a'))
    const spans = collector?.received.filter(({ path }) => path === '/v1/traces') ?? []
    expect(spans).toHaveLength(1)
  })

  it('says what was lost', async () => {
    const endpoint = await closedUrl()
    const tracing = start({ endpoint, exporter: 'none', metrics: 'otlp', exitTimeoutMillis: 500 })
    callHost('a')
    await tracing.shutdown()
    expect(said().join('')).toMatch(/\d+ data points were lost: .* does not respond/)
  })

  it('counts data points that a collector rejects', async () => {
    collector = await startCollector((response, { path }) => {
      if (path !== '/v1/metrics') return response.end()
      response.end('{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"too old"}}')
    })
    const options = { endpoint: collector.url, protocol: 'http/json', metrics: 'otlp' } as const
    const tracing = start({ ...options, exporter: 'none' })
    callHost('a')
    await tracing.flush()
    expect(said().join('')).toContain(
      '2 data points were lost: the collector rejected them (too old)',
    )
    await tracing.flush()
    const exported = seriesOf(
      collector.received.at(-1) ?? { path: '', headers: {}, body: Buffer.of() },
    ).filter(({ name }) => name === 'otel.sdk.exporter.metric_data_point.exported')
    expect(exported).toContainEqual(
      expect.objectContaining({
        value: 2,
        attributes: expect.objectContaining({ 'error.type': 'rejected' }),
      }),
    )
  })
})

describe('a meter provider of the application', () => {
  it('gets all metrics, and that is said', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const provider = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter })],
    })
    metrics.setGlobalMeterProvider(provider)
    start({ exporter: 'none', metrics: 'otlp' })
    callHost('a')
    trace.getTracer('a').startSpan('one').end()
    await provider.forceFlush()
    const names = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .map(({ descriptor }) => descriptor.name)
    expect(names).toEqual(
      expect.arrayContaining(['http.client.request.duration', 'otel.sdk.span.started']),
    )
    expect(said()).toEqual([
      'callchain: metrics (otlp) has no effect: this application has registered a meter provider of its own, which gets all metrics\n',
    ])
    await provider.shutdown()
  })
})
