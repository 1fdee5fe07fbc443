import { type Attributes, metrics } from '@opentelemetry/api'
import type { DataPoint, Histogram, MetricReader } from '@opentelemetry/sdk-metrics'
import { loadMetrics } from './lazy/dependencies.cts'

/** What was measured under one set of attributes. */
export interface MetricPoint {
  readonly attributes: Attributes
  /** A counter's sum, or what a histogram's values add up to. */
  readonly sum: number
  /** How many values a histogram has; 1 for a counter. */
  readonly count: number
  /** The boundaries of a histogram's buckets. */
  readonly boundaries: readonly number[]
}

/** Keeps what is measured. */
export interface MetricRecorder {
  /** Resolves to what has been measured under the name of an instrument so far. */
  points(name: string): Promise<MetricPoint[]>
  /** Takes the meter provider back. */
  shutdown(): Promise<void>
}

/**
 * Registers a meter provider that keeps what is measured, for tests. Throws an Error when another
 * one is registered already.
 *
 * @example
 * ```ts
 * const metrics = createMetricRecorder()
 * await request(app).get('/orders/7')
 * const [point] = await metrics.points('http.server.request.duration') // seconds
 * ```
 */
export function createMetricRecorder(): MetricRecorder {
  const sdk = loadMetrics()
  const reader = createReader(sdk)
  const provider = new sdk.MeterProvider({ readers: [reader] })
  if (!metrics.setGlobalMeterProvider(provider)) {
    throw new Error('callchain: a meter provider is already registered; shut it down first')
  }
  return {
    points: async (name) => {
      const { resourceMetrics } = await reader.collect()
      return resourceMetrics.scopeMetrics
        .flatMap((scope) => scope.metrics)
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }) => (dataPoints as DataPoint<number | Histogram>[]).map(read))
    },
    shutdown: async () => {
      metrics.disable()
      await provider.shutdown()
    },
  }
}

function read({ attributes, value }: DataPoint<number | Histogram>): MetricPoint {
  if (typeof value === 'number') return { attributes, sum: value, count: 1, boundaries: [] }
  return {
    attributes,
    sum: value.sum ?? 0,
    count: value.count,
    boundaries: value.buckets.boundaries,
  }
}

// The SDK offers readers as a class to extend: this one collects when it is asked to.
function createReader(sdk: ReturnType<typeof loadMetrics>): MetricReader {
  class CollectedReader extends sdk.MetricReader {
    protected override async onForceFlush(): Promise<void> {}
    protected override async onShutdown(): Promise<void> {}
  }
  return new CollectedReader()
}
