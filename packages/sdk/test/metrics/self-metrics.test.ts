import { emitLogLine } from '@callchain/core/internal'
import { afterEach, describe, expect, it } from '@jest/globals'
import { metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { StartTracingOptions } from '../../src/index.ts'
import { type Collector, startCollector } from '../collector.ts'
import { start } from '../tracing-session.ts'
import { lastMetrics } from './decode-metrics.ts'

let collector: Collector | undefined

afterEach(async () => {
  metrics.disable()
  await collector?.close()
  collector = undefined
})

const REMOTE = { traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1, isRemote: true }

function record(count: number): void {
  const tracer = trace.getTracer('a')
  for (let left = count; left > 0; left--) tracer.startSpan('one').end()
}

/** The series of a metric as `key=value, … count`, without those that are 0. */
function readings(from: Collector, name: string, ...keys: string[]): string[] {
  return lastMetrics(from)(name)
    .filter(({ value }) => value !== 0)
    .map(({ attributes, value }) => [...keys.map((key) => attributes[key]), value].join(' '))
}

async function begin(options: StartTracingOptions, answer?: Parameters<typeof startCollector>[0]) {
  collector = await startCollector(answer)
  const shared = { endpoint: collector.url, metrics: 'otlp', protocol: 'http/json' } as const
  return { collector, tracing: start({ ...shared, ...options }) }
}

describe('otel.sdk.*', () => {
  it.each<[string, Partial<StartTracingOptions>]>([
    ['the recorder', {}],
    [
      "OpenTelemetry's SDK",
      {
        spanProcessors: [
          {
            onStart() {},
            onEnd: (_: ReadableSpan) => {},
            forceFlush: async () => {},
            shutdown: async () => {},
          },
        ],
      },
    ],
  ])('says of spans what was started and what is live, with %s', async (_, options) => {
    const own = await begin(options)
    const parent = trace.getTracer('a').startSpan('open')
    const inside = trace.setSpan(ROOT_CONTEXT, parent)
    trace.getTracer('a').startSpan('local', {}, inside).end()
    const unsampled = trace.setSpanContext(ROOT_CONTEXT, { ...REMOTE, traceFlags: 0 })
    trace.getTracer('a').startSpan('remote', {}, unsampled).end()
    await own.tracing.flush()
    const started = ['otel.span.sampling_result', 'otel.span.parent.origin']
    expect(readings(own.collector, 'otel.sdk.span.started', ...started).sort()).toEqual([
      'DROP remote 1',
      'RECORD_AND_SAMPLE local 1',
      'RECORD_AND_SAMPLE none 1',
    ])
    expect(readings(own.collector, 'otel.sdk.span.live', 'otel.span.sampling_result')).toEqual([
      'RECORD_AND_SAMPLE 1',
    ])
    parent.end()
  })

  it('says of queues and exporters what was sent, and where to', async () => {
    const own = await begin({ logs: 'otlp', batch: { maxQueueSize: 100 } })
    record(3)
    emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'x' } })
    await own.tracing.flush()
    const read = (name: string) => readings(own.collector, name, 'otel.component.name')
    expect(read('otel.sdk.processor.span.queue.capacity')).toEqual([
      'batching_span_processor/0 100',
    ])
    expect(read('otel.sdk.processor.span.processed')).toEqual(['batching_span_processor/0 3'])
    expect(read('otel.sdk.exporter.span.exported')).toEqual(['otlp_http_json_span_exporter/0 3'])
    expect(read('otel.sdk.processor.log.processed')).toEqual(['batching_log_processor/0 1'])
    expect(read('otel.sdk.exporter.log.exported')).toEqual(['otlp_http_json_log_exporter/0 1'])
    expect(lastMetrics(own.collector)('otel.sdk.exporter.operation.duration')).toContainEqual(
      expect.objectContaining({
        value: 1,
        attributes: {
          'otel.component.type': 'otlp_http_json_span_exporter',
          'otel.component.name': 'otlp_http_json_span_exporter/0',
          'server.address': '127.0.0.1',
          'server.port': Number(new URL(own.collector.url).port),
        },
      }),
    )
    await own.tracing.flush()
    expect(read('otel.sdk.exporter.metric_data_point.exported')).toHaveLength(1)
  })

  it('says what was lost: in the queue, by the collector, and by what it rejects', async () => {
    let status = 500
    const own = await begin({ batch: { maxQueueSize: 4 } }, (response, { path }) => {
      if (path !== '/v1/traces') return response.end()
      response.statusCode = status
      response.end(status === 200 ? '{"partialSuccess":{"rejectedSpans":1}}' : '')
    })
    record(6)
    await own.tracing.flush()
    status = 200
    record(3)
    await own.tracing.flush()
    expect(readings(own.collector, 'otel.sdk.processor.span.processed', 'error.type')).toEqual([
      ' 7',
      'queue_full 2',
    ])
    expect(readings(own.collector, 'otel.sdk.exporter.span.exported', 'error.type').sort()).toEqual(
      [' 2', '500 4', 'rejected 1'],
    )
    expect(
      lastMetrics(own.collector)('otel.sdk.exporter.operation.duration').map(
        ({ attributes }) => attributes['error.type'],
      ),
    ).toEqual(['500', undefined])
  })

  it('goes to a meter provider that the application registers later', async () => {
    collector = await startCollector()
    const tracing = start({ endpoint: collector.url })
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const provider = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter })],
    })
    metrics.setGlobalMeterProvider(provider)
    record(2)
    await tracing.flush()
    await provider.forceFlush()
    const points = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .find(({ descriptor }) => descriptor.name === 'otel.sdk.exporter.span.exported')?.dataPoints
    expect(points?.map(({ value }) => value)).toEqual([2])
    await provider.shutdown()
  })
})
