const { build, isBuilt } = require('./build.cjs')
const { install, isInstalled } = require('./install.cjs')
const { withLock } = require('./lock.cjs')

/** Installs and, when asked, builds; prints nothing when there is nothing to do. */
function setUp(withBuild) {
  const isReady = () => isInstalled() && (!withBuild || isBuilt())
  if (isReady()) return
  try {
    withLock(() => {
      if (!isInstalled()) install()
      if (withBuild && !isBuilt()) build()
    })
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

module.exports = { setUp }
