const { inCallchainRequest } = require('../callchain-request.cjs')

/** The wrapped client as its README shows it. */
exports.start = ({ collector }) => {
  const { startTracing } = require('@callchain/sdk')
  const { flush } = startTracing({ serviceName: 'benchmark', endpoint: collector })
  return { wraps: true, flush, inRequest: inCallchainRequest() }
}
