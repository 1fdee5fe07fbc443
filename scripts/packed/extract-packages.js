import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publicPackages, root } from '../packages.js'

const run = promisify(execFile)
const shell = process.platform === 'win32'

/**
 * Puts every package as npm packs it into `folder`/node_modules. What they depend on is found in the
 * node_modules of a folder around it. Gives what npm says of each: `name`, and `entryCount`, `size`
 * and `unpackedSize`, in bytes.
 */
export async function extractPackages(folder) {
  const names = publicPackages().map(({ manifest }) => manifest.name)
  const packed = mkdtempSync(join(tmpdir(), 'callchain-packed-'))
  try {
    const workspaces = names.flatMap((name) => ['-w', name])
    const quiet = ['--json', '--loglevel=error', '--foreground-scripts=false']
    const args = ['pack', ...quiet, '--pack-destination', packed, ...workspaces]
    const { stdout } = await run('npm', args, { cwd: root, shell, env, maxBuffer: 2 ** 26 })
    for (const { manifest } of publicPackages()) {
      const target = join(folder, 'node_modules', manifest.name)
      rmSync(target, { recursive: true, force: true })
      mkdirSync(target, { recursive: true })
      const tarball = `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`
      await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], { cwd: packed })
    }
    return JSON.parse(stdout.slice(stdout.indexOf('[')))
  } finally {
    rmSync(packed, { recursive: true, force: true })
  }
}

// What an outer npm command was told, such as its prefix, is not meant for this one.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)),
)
