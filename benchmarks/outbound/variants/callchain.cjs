const { startOpenTelemetry } = require('../../server/open-telemetry.cjs')
const { inCallchainRequest } = require('../callchain-request.cjs')

/** The wrapped client on the same SDK and exporter as the instrumentation. */
exports.start = ({ collector }) => {
  const tracerProvider = startOpenTelemetry(collector)
  return {
    wraps: true,
    flush: () => tracerProvider.forceFlush(),
    inRequest: inCallchainRequest(),
  }
}
