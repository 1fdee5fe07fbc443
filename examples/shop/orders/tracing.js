import { startTracing } from '@callchain/sdk'
import { keep } from '../service/keep.js'

/** Sends this service's spans to OTEL_EXPORTER_OTLP_ENDPOINT. */
export const sdk = startTracing({ serviceName: 'orders', keep })
