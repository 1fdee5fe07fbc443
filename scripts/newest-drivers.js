// Runs a command with the newest release of everything that the packages trace, whatever the lockfile
// has: node scripts/newest-drivers.js npx jest. node_modules keeps them: `npm ci` brings the others back.
import { spawnSync } from 'node:child_process'
import { publicPackages, root } from './packages.js'

const [command, ...args] = process.argv.slice(2)
if (command === undefined) {
  console.error('Usage: newest-drivers.js command [argument ...]')
  process.exit(2)
}
for (const { name, manifest } of publicPackages()) {
  const newest = Object.keys(manifest.peerDependencies ?? {}).map((peer) => `${peer}@latest`)
  const options = ['--no-save', '--force', '--no-audit', '--no-fund', '-w', `packages/${name}`]
  if (newest.length > 0) run('npm', ['install', ...options, ...newest])
}
run(command, args)

function run(program, list) {
  const { status } = spawnSync(program, list, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
