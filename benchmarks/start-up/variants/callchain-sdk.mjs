import { tracing } from '@callchain/express'
import { startTracing } from '@callchain/sdk'

process.env.OTEL_EXPORTER_OTLP_PROTOCOL = 'http/json'
startTracing({ serviceName: 'benchmark' })
tracing()
