const { spawnSync } = require('node:child_process')
const { existsSync, readdirSync, statSync } = require('node:fs')
const { join, resolve } = require('node:path')
const { say } = require('./say.cjs')

const root = resolve(__dirname, '../..')
const packages = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'tsconfig.json')))

/** Whether every package was built after its sources were last changed. */
function isBuilt() {
  const configured = Math.max(...['tsconfig.base.json', 'tsconfig.cjs.json'].map(changed))
  return packages.every((folder) => {
    // scripts/mark-commonjs.js writes this file at the end of each build.
    const mark = join(folder, 'dist/cjs/package.json')
    return existsSync(mark) && statSync(mark).mtimeMs >= Math.max(configured, newest(folder))
  })
}

function changed(name) {
  return statSync(join(root, name)).mtimeMs
}

/** When the package's sources last changed, in milliseconds; a folder changes with its list. */
function newest(folder) {
  const files = ['tsconfig.json', 'tsconfig.cjs.json', 'package.json']
    .concat(...['src', 'page'].map((part) => filesIn(folder, part)))
    .filter((name) => existsSync(join(folder, name)))
  return Math.max(...files.map((name) => statSync(join(folder, name)).mtimeMs))
}

function filesIn(folder, part) {
  const sources = join(folder, part)
  const names = existsSync(sources) ? readdirSync(sources, { recursive: true }) : []
  return names.map((name) => join(part, name))
}

/** Builds all packages, ESM and CommonJS; throws with the compiler's output when it fails. */
function build() {
  say('Building the packages', () => {
    const projects = packages.flatMap((folder) => [
      join(folder, 'tsconfig.json'),
      join(folder, 'tsconfig.cjs.json'),
    ])
    run(['node_modules/typescript/bin/tsc', '-b', ...projects])
    run(['scripts/build-page.js'])
    run(['scripts/mark-commonjs.js'])
  })
}

function run(args) {
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (result.status === 0) return
  throw new Error(`${result.stdout}${result.stderr}The build failed: see the lines above.`)
}

module.exports = { build, isBuilt }
