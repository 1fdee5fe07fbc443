import type { Histogram } from '@opentelemetry/api'
import { createDurationSource, DURATION_BUCKETS } from '../otel/duration-histogram.ts'

/** `http.client.request.duration` of the current meter provider; `undefined` when none is registered. */
export const clientDuration: () => Histogram | undefined = createDurationSource({
  name: 'http.client.request.duration',
  description: 'Duration of HTTP client requests.',
  buckets: DURATION_BUCKETS,
})
