import { startTracing } from '@callchain/sdk'

startTracing({ serviceName: 'orders' })
