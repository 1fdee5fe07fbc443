import {
  createNoopMeter,
  type Histogram,
  type MeterProvider,
  metrics,
  ValueType,
} from '@opentelemetry/api'
import { VERSION } from './version.ts'

/** The bucket boundaries, in seconds, that the HTTP conventions advise. */
export const DURATION_BUCKETS: number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]

/** What a histogram of durations is called, and its bucket boundaries in seconds. */
export interface DurationMetric {
  readonly name: string
  readonly description: string
  readonly buckets: readonly number[]
}

const NOOP_HISTOGRAM = createNoopMeter().createHistogram('')

/** Gives the histogram of the current meter provider; `undefined` when none is registered. */
export function createDurationSource(metric: DurationMetric): () => Histogram | undefined {
  let provider: MeterProvider | undefined
  let duration: Histogram | undefined
  return () => {
    const current = metrics.getMeterProvider()
    if (current !== provider) {
      provider = current
      const created = createHistogram(current, metric)
      duration = created === NOOP_HISTOGRAM ? undefined : created
    }
    return duration
  }
}

function createHistogram(
  provider: MeterProvider,
  { name, description, buckets }: DurationMetric,
): Histogram {
  return provider.getMeter('@callchain/core', VERSION).createHistogram(name, {
    description,
    unit: 's',
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: [...buckets] },
  })
}
