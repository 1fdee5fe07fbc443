import {
  createNoopMeter,
  type Histogram,
  type MeterProvider,
  metrics,
  ValueType,
} from '@opentelemetry/api'
import { DURATION_BUCKETS } from './server-metrics.ts'
import { VERSION } from './version.ts'

const NOOP_HISTOGRAM = createNoopMeter().createHistogram('')

let provider: MeterProvider | undefined
let duration: Histogram | undefined

/** `http.client.request.duration` of the current meter provider; `undefined` when none is registered. */
export function clientDuration(): Histogram | undefined {
  const current = metrics.getMeterProvider()
  if (current !== provider) {
    provider = current
    const created = current
      .getMeter('@callchain/core', VERSION)
      .createHistogram('http.client.request.duration', {
        description: 'Duration of HTTP client requests.',
        unit: 's',
        valueType: ValueType.DOUBLE,
        advice: { explicitBucketBoundaries: DURATION_BUCKETS },
      })
    duration = created === NOOP_HISTOGRAM ? undefined : created
  }
  return duration
}
