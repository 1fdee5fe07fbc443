// Proves that a package cannot be packed without its code, and that the pages for new users are true:
// packs in a fresh clone, in which nothing is installed or built, and follows the pages with the
// tarballs, with the npm that makes a package.json without "type" and with the one that says commonjs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { followPage } from './fresh/follow-page.js'
import { root } from './packages.js'

const pages = ['README.md', 'docs/getting-started.md']
const npmLines = ['10', '11']
const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
const folder = mkdtempSync(join(tmpdir(), 'callchain-fresh-'))
const clone = join(folder, 'clone')

try {
  execFileSync('git', ['clone', '--quiet', root, clone])
  for (const name of ['core', 'viewer']) packOne(name)
  npm(['run', 'tarballs', '--silent'], clone, environment())
  // One reader for each npm: two at a time.
  const results = await Promise.allSettled(npmLines.map(readAll))
  for (const { reason } of results) if (reason) throw reason
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function packOne(name) {
  const args = ['pack', '--dry-run', '--json', '--loglevel=error', '-w', `packages/${name}`]
  const output = npm(args, clone, environment())
  const [{ files }] = JSON.parse(output.slice(output.indexOf('[')))
  const built = files.filter(({ path }) => path.startsWith('dist/')).length
  console.log(`${name}: ${built} of ${files.length} files are built`)
  if (built === 0) process.exitCode = 1
}

async function readAll(line) {
  const prefix = join(folder, `npm-${line}`)
  npm(['install', '--prefix', prefix, `npm@${line}`, ...quiet], folder, environment())
  const path = [join(prefix, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  for (const [index, page] of pages.entries()) {
    const place = join(folder, `reader-${line}-${index}`)
    const programs = await followPage(page, { place, clone, env: environment(path) })
    console.log(`${page}, npm ${line}: ${programs.join('; ')}`)
  }
}

function npm(args, cwd, env) {
  return execFileSync('npm', args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

// What an outer npm command was told is not meant for these.
function environment(PATH = process.env.PATH) {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_config_(workspaces?|prefix|local_prefix|omit|only|json)$/i.test(name) &&
      !/^(NODE_OPTIONS|NODE_ENV|OTEL_.*)$/.test(name),
  )
  return { ...Object.fromEntries(inherited), PATH }
}
