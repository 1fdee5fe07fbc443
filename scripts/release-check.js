// Says what is missing before the version of a tag may be published:
// node scripts/release-check.js [TAG]; without a tag it is the one that GitHub Actions runs for.
import { readFileSync } from 'node:fs'
import { publicPackages, root } from './packages.js'
import { sectionOf } from './release/changelog.js'
import { pendingChangesets } from './release/changesets.js'

const tag = process.argv[2] ?? process.env.GITHUB_REF_NAME
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const changelog = readFileSync(`${root}/CHANGELOG.md`, 'utf8')
const faults = [
  ...(tag === `v${version}` ? [] : [`The tag is ${tag}, not v${version}, as package.json has it.`]),
  ...publicPackages()
    .filter(({ manifest }) => manifest.version !== version)
    .map(({ name, manifest }) => `packages/${name} has the version ${manifest.version}.`),
  ...pendingChangesets(root).map(({ file }) => `${file.slice(root.length + 1)} is not released.`),
  ...(sectionOf(changelog, version) ? [] : [`CHANGELOG.md has no section "## ${version} - DATE".`]),
  ...(sectionOf(changelog, 'Unreleased') === ''
    ? []
    : ['"Unreleased" of CHANGELOG.md is not empty.']),
]
for (const fault of faults) console.error(fault)
if (faults.length > 0) console.error('Run npm run release:prepare first.')
process.exitCode = faults.length === 0 ? 0 : 1
