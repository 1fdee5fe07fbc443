import { startTracing } from '@callchain/sdk'

/** Sends this service's spans to OTEL_EXPORTER_OTLP_ENDPOINT. */
export const sdk = startTracing({ serviceName: 'shipping' })
