const { inCallchainRequest } = require('../callchain-request.cjs')

/** The client alone, in the context of a request: what AsyncLocalStorage costs by itself. */
exports.start = () => {
  const { context } = require('@opentelemetry/api')
  const { createContextManager } = require('@callchain/core')
  context.setGlobalContextManager(createContextManager())
  return { wraps: false, flush() {}, inRequest: inCallchainRequest() }
}
