// Run before `npm start` and `npm test`: installs what the lockfile names and, with --build,
// builds the packages, each only when needed; --no-install leaves node_modules alone. Kept in
// syntax that Node 12 can parse, so that an old Node is told so in one sentence; nothing is
// required before its version is known.
const [major, minor] = process.versions.node.split('.').map(Number)
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22

if (supported) {
  const { setUp } = require('./set-up/run.cjs')
  setUp({
    withInstall: !process.argv.includes('--no-install'),
    withBuild: process.argv.includes('--build'),
  })
} else {
  process.stderr.write(
    `Callchain needs Node.js 20.19 or later in 20, or 22.12 or later; this is ${process.version} (${process.execPath}).\n`,
  )
  process.exitCode = 1
}
