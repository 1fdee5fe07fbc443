/** dd-trace with its defaults, sending to the sink as to its agent. */
exports.start = ({ collector }) => {
  require('dd-trace').init({
    url: collector,
    service: 'benchmark',
    startupLogs: false,
    telemetry: { enabled: false },
    remoteConfig: { enabled: false },
  })
  return { flush: async () => {} }
}
