/** `@sentry/node` with tracing of every request, sending to the sink as to its server. */
exports.start = ({ collector }) => {
  const sentry = require('@sentry/node')
  const dsn = collector.replace('://', '://key@')
  sentry.init({ dsn: `${dsn}/1`, tracesSampleRate: 1 })
  return { flush: () => sentry.flush(5000) }
}
