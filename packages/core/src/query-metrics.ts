import {
  createNoopMeter,
  type Histogram,
  type MeterProvider,
  metrics,
  ValueType,
} from '@opentelemetry/api'
import { VERSION } from './version.ts'

/** The bucket boundaries, in seconds, that the database conventions advise. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

const NOOP_HISTOGRAM = createNoopMeter().createHistogram('')

let provider: MeterProvider | undefined
let duration: Histogram | undefined

/** `db.client.operation.duration` of the current meter provider; `undefined` when none is registered. */
export function queryDuration(): Histogram | undefined {
  const current = metrics.getMeterProvider()
  if (current !== provider) {
    provider = current
    const created = current
      .getMeter('@callchain/core', VERSION)
      .createHistogram('db.client.operation.duration', {
        description: 'Duration of database client operations.',
        unit: 's',
        valueType: ValueType.DOUBLE,
        advice: { explicitBucketBoundaries: BUCKETS },
      })
    duration = created === NOOP_HISTOGRAM ? undefined : created
  }
  return duration
}
