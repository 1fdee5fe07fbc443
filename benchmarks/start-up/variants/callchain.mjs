import { tracing } from '@callchain/express'
import { startTracing } from '@callchain/sdk'

startTracing({ serviceName: 'benchmark' })
tracing()
