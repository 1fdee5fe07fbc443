// Makes the next version from the changesets, in every place that states it, and gives it its section
// of CHANGELOG.md. The first version is the one that the packages have. `--no-lockfile` leaves the
// lockfile to you.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { stated } from './check-packages/versions.js'
import { root } from './packages.js'
import { hasRelease, withRelease } from './release/changelog.js'
import { pendingChangesets, removeChangesets } from './release/changesets.js'

const changelog = readFileSync(`${root}/CHANGELOG.md`, 'utf8')
const changesets = pendingChangesets(root)

if (hasRelease(changelog) && changesets.length === 0) {
  console.error('There is no changeset, so nothing says which version is next: run npx changeset.')
  process.exit(1)
}
if (hasRelease(changelog)) run('npx', ['changeset', 'version'])
removeChangesets(pendingChangesets(root))
const { version } = JSON.parse(readFileSync(`${root}/packages/core/package.json`, 'utf8'))
stateVersion(version)
const date = new Date().toISOString().slice(0, 10)
const entries = changesets.map(({ summary }) => summary)
writeFileSync(`${root}/CHANGELOG.md`, withRelease(changelog, { version, date, entries }))
if (!process.argv.includes('--no-lockfile'))
  run('npm', ['install', '--package-lock-only', '--ignore-scripts', '--prefer-offline'])
console.log(
  `Version ${version}. Read CHANGELOG.md, run .ci/run, commit, and push the tag v${version}.`,
)

function stateVersion(next) {
  replaceIn('package.json', /^( {2}"version": ")[^"]+/m, next)
  for (const [name, { file, constants }] of Object.entries(stated))
    for (const constant of constants) {
      const value = constant === 'MAJOR' ? next.split('.')[0] : next
      const pattern = new RegExp(`^(export const ${constant} = ')[^']+`, 'm')
      replaceIn(`packages/${name}/${file}`, pattern, value)
    }
}

function replaceIn(file, pattern, value) {
  const text = readFileSync(`${root}/${file}`, 'utf8')
  writeFileSync(
    `${root}/${file}`,
    text.replace(pattern, (_, before) => before + value),
  )
}

function run(command, args) {
  execFileSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
}
