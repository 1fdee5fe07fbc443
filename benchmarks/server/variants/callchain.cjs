/** Callchain as its README shows it. */
exports.start = ({ framework, collector }) => {
  const { startTracing } = require('@callchain/sdk')
  const { tracing } = require(`@callchain/${framework}`)
  const { flush } = startTracing({ serviceName: 'benchmark', endpoint: collector })
  return { middleware: framework === 'fastify' ? tracing : tracing(), flush }
}
