import type { Histogram } from '@opentelemetry/api'
import { createDurationSource } from '../otel/duration-histogram.ts'

/** `db.client.operation.duration`, in the buckets that the database conventions advise; `undefined` when no meter provider is registered. */
export const statementDuration: () => Histogram | undefined = createDurationSource({
  name: 'db.client.operation.duration',
  description: 'Duration of database client operations.',
  buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
})
