/** Callchain as its READMEs show it. */
exports.start = ({ framework, collector }) => {
  const { startTracing } = require('@callchain/sdk')
  const { flush } = startTracing({ serviceName: 'benchmark', endpoint: collector })
  return { middleware: (frameworks[framework] ?? byCall)(framework), flush }
}

const byCall = (framework) => require(`@callchain/${framework}`).tracing()

const frameworks = {
  fastify: () => require('@callchain/fastify').tracing,
  node() {
    const { traceListener } = require('@callchain/node')
    return (listener) => traceListener(listener, { route: () => '/users/:id' })
  },
  nest() {
    const { TracingModule } = require('@callchain/nest')
    return { module: TracingModule.forRoot(require('@callchain/express').tracing) }
  },
}
