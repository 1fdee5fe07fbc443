const { createRequire } = require('node:module')
const { startOpenTelemetry } = require('../open-telemetry.cjs')
const { startOn } = require('./minimum.cjs')

/** The hand-written minimum on OpenTelemetry's SDK 3. */
exports.start = ({ framework, collector }) => {
  const load = createRequire(require.resolve('../../open-telemetry-3/package.json'))
  return startOn(startOpenTelemetry(collector, load), framework)
}
