// Run by npm in a package's folder before it packs, and with `--undo` after it: builds, and puts all
// that an entry loads into few files, because each file costs a process time when it starts. The
// build that the repository works with waits next to it meanwhile.
import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = 'dist'
const waiting = '.unbundled'
const made = '.bundled'

// Also when the last time was interrupted.
if (existsSync(waiting)) {
  rmSync(built, { recursive: true, force: true })
  renameSync(waiting, built)
}
if (!process.argv.includes('--undo')) {
  const setUp = fileURLToPath(new URL('set-up.cjs', import.meta.url))
  execFileSync(process.execPath, [setUp, '--build'], { stdio: 'inherit' })
  rmSync(made, { recursive: true, force: true })
  // Only now: in a fresh clone, the set-up has just installed what it imports.
  const { bundlePackage } = await import('./bundle-package/bundle-package.js')
  await bundlePackage(built, made)
  renameSync(built, waiting)
  renameSync(made, built)
}
