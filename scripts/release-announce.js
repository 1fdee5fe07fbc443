// Makes the release on GitHub, whose notes are the version's section of CHANGELOG.md. Needs `gh`.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { root } from './packages.js'
import { sectionOf } from './release/changelog.js'

const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const input = sectionOf(readFileSync(`${root}/CHANGELOG.md`, 'utf8'), version)
const args = ['release', 'create', `v${version}`, '--verify-tag', '--title', `v${version}`]
execFileSync('gh', [...args, '--notes-file', '-'], { cwd: root, input, stdio: ['pipe', 2, 2] })
