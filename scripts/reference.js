// Writes docs/reference from the doc comments of the public types and functions. With `--check` it
// writes nothing, and fails when a page is not what the comments say.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { publicPackages, root } from './packages.js'
import { referencePages } from './reference/pages.js'

const FOLDER = 'docs/reference'
const isCheck = process.argv.includes('--check')
const { pages, faults } = referencePages(publicPackages())

for (const [file, text] of pages) {
  const path = `${root}/${FOLDER}/${file}`
  const is = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : undefined
  if (is === text) continue
  if (isCheck)
    faults.push(`${FOLDER}/${file} is not what the doc comments say: run node scripts/reference.js`)
  else write(path, text)
}
for (const name of existsSync(`${root}/${FOLDER}`)
  ? readdirSync(`${root}/${FOLDER}`, { recursive: true })
  : []) {
  const file = name.replaceAll('\\', '/')
  if (!file.endsWith('.md') || pages.has(file)) continue
  if (isCheck) faults.push(`${FOLDER}/${file} is of no package: run node scripts/reference.js`)
  else rmSync(`${root}/${FOLDER}/${file}`)
}
for (const fault of faults) console.error(fault)
console.log(`${pages.size} pages of reference, ${faults.length} faults.`)
process.exitCode = faults.length === 0 ? 0 : 1

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
