import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import type { MetricsOptions } from '../../src/index.ts'
import * as lazy from '../../src/lazy/opentelemetry.cts'
import { said, start } from '../tracing-session.ts'

afterEach(() => metrics.disable())

describe('the option metrics', () => {
  it.each<[string, unknown, RegExp]>([
    ['metrics', 'statsd', /metrics of startTracing\(\) .*'statsd'.*'otlp', 'prometheus', 'none'/],
    ['metrics.exporter', { exporter: ['otlp', 'x'] }, /metrics\.exporter/],
    ['metrics.port', { port: 0 }, /metrics\.port .* from 1 to 65535/],
    ['metrics.maxValues', { maxValues: 0 }, /metrics\.maxValues/],
    ['metrics.temporality', { temporality: 'gone' }, /metrics\.temporality .*'lowmemory'/],
    ['metrics.intervallMillis', { intervallMillis: 1 }, /did you mean 'metrics\.intervalMillis'/],
    [
      'metrics.timeoutMillis',
      { intervalMillis: 10, timeoutMillis: 20 },
      /at most intervalMillis \(10\)/,
    ],
  ])('%s is checked', (_, value, message) => {
    expect(() => start({ metrics: value as MetricsOptions })).toThrow(message)
  })

  it.each([
    ['OTEL_METRICS_EXPORTER', 'statsd'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '0'],
    ['OTEL_METRIC_EXPORT_TIMEOUT', '60001'],
    ['OTEL_EXPORTER_PROMETHEUS_PORT', 'http'],
    ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'x'],
    ['OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', 'x'],
  ])('%s=%s is warned about', (name, value) => {
    start({ exporter: 'none' }, { [name]: value })
    expect(said().join('')).toContain(`${name}="${value}" is not`)
  })

  it('loads nothing for metrics that nobody asked for', () => {
    const loads = [jest.spyOn(lazy, 'loadSdkMetrics'), jest.spyOn(lazy, 'loadPrometheus')]
    start({ exporter: 'none' })
    for (const load of loads) expect(load).not.toHaveBeenCalled()
  })

  it('says what to install where a package is missing', () => {
    missing('loadSdkMetrics')
    expect(() => start({ exporter: 'none', metrics: 'otlp' })).toThrow(
      'metrics: the package @opentelemetry/sdk-metrics is missing; install it with "npm i @opentelemetry/sdk-metrics"',
    )
  })

  it('says so of the Prometheus endpoint, and goes on where a variable asked for it', () => {
    missing('loadPrometheus')
    start({ exporter: 'none' }, { OTEL_METRICS_EXPORTER: 'prometheus' })
    expect(said()).toEqual([
      'callchain: OTEL_METRICS_EXPORTER=prometheus: metrics: the package @opentelemetry/exporter-prometheus is missing; install it with "npm i @opentelemetry/exporter-prometheus"; no metrics are sent\n',
    ])
  })
})

function missing(library: 'loadSdkMetrics' | 'loadPrometheus'): void {
  jest.spyOn(lazy, library).mockImplementation(() => {
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' })
  })
}
