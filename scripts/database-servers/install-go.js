import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findGo } from './go-programs.js'
import { download, run } from './run-install.js'

/** Builds a program of `goPrograms`. Throws an Error when that fails. */
export function installGoProgram({ module, version, source, path }) {
  const folder = mkdtempSync(join(tmpdir(), 'callchain-go-'))
  const go = (...args) => run(findGo() ?? 'go', args, { cwd: folder, env: environment() })
  try {
    if (source) cpSync(source, folder, { recursive: true })
    else {
      writeFileSync(join(folder, 'go.mod'), 'module callchain/servers\n')
      download(() => go('get', '-tool', `${module}@${version}`))
    }
    const built = join(folder, 'built')
    download(() => go('build', '-ldflags=-s -w', '-o', built, module ?? '.'))
    mkdirSync(dirname(path), { recursive: true })
    // By a name of its own first: whoever looks for the program meanwhile must not find half of it.
    cpSync(built, `${path}.new`)
    renameSync(`${path}.new`, path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// No C compiler is needed, and the folder is not a working copy that Go could ask for its commit.
function environment() {
  return { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' }
}
