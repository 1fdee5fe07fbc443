const { tracing } = require('@callchain/express')
const { startTracing } = require('@callchain/sdk')

startTracing({ serviceName: 'benchmark' })
tracing()
