const { build, isBuilt } = require('./build.cjs')
const { install, isInstalled } = require('./install.cjs')
const { withLock } = require('./lock.cjs')

/**
 * Installs and builds what is asked for and needed; prints nothing when there is nothing to do.
 * A failure is printed and becomes the exit code 1.
 */
function setUp({ withInstall, withBuild }) {
  const needsInstall = () => withInstall && !isInstalled()
  const needsBuild = () => withBuild && !isBuilt()
  if (!needsInstall() && !needsBuild()) return
  try {
    withLock(() => {
      if (needsInstall()) install()
      if (needsBuild()) build()
    })
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

module.exports = { setUp }
