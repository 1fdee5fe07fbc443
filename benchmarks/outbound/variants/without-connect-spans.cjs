const { startInstrumented } = require('./instrumentation.cjs')

/** The instrumentation of pg told to make one span a statement. */
exports.start = ({ collector }) => {
  const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg')
  return startInstrumented(collector, new PgInstrumentation({ ignoreConnectSpans: true }))
}
