// Packs every package that is published into tarballs/, built, so that another application can install
// it: `npm install ../callchain/tarballs/callchain-express-0.1.0.tgz …`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { publicPackages, root } from './packages.js'

// Each `npm pack` would do this, but in silence.
execFileSync(process.execPath, [join(root, 'scripts/set-up.cjs'), '--build'], { stdio: 'inherit' })
const target = resolve(root, process.argv[2] ?? 'tarballs')
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const { folder } of publicPackages()) {
  const output = execFileSync(
    'npm',
    [
      'pack',
      '--json',
      '--loglevel=error',
      '--foreground-scripts=false',
      '--pack-destination',
      target,
    ],
    {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    },
  )
  const [{ filename }] = JSON.parse(output.slice(output.indexOf('[')))
  console.log(`tarballs/${filename}`)
}
