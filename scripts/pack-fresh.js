// Proves that a package cannot be packed without its code: packs in a fresh clone, in which nothing is
// installed or built, and looks for the code.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './packages.js'

const folder = mkdtempSync(join(tmpdir(), 'callchain-fresh-'))
try {
  const clone = join(folder, 'clone')
  execFileSync('git', ['clone', '--quiet', root, clone])
  for (const name of ['core', 'viewer']) {
    const output = execFileSync(
      'npm',
      ['pack', '--dry-run', '--json', '--loglevel=error', '-w', `packages/${name}`],
      { cwd: clone, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [{ files }] = JSON.parse(output.slice(output.indexOf('[')))
    const built = files.filter(({ path }) => path.startsWith('dist/')).length
    console.log(`${name}: ${built} of ${files.length} files are built`)
    if (built === 0) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
