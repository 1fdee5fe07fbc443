// Keeps the Chinese pages with the English ones: the same code blocks in the same order, and a recorded
// hash of each English section's prose, so that a section that changed is noticed. `--write` records
// the hashes, once the translation has been looked at.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { root } from './packages.js'

const pages = ['README.md', 'docs/getting-started.md']
const file = `${root}/docs/translations.json`
const BLOCK = /^```[\s\S]*?^```$/gm

const read = (name) => readFileSync(`${root}/${name}`, 'utf8')
const recorded = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const found = Object.fromEntries(pages.map((page) => [page, hashesOf(read(page))]))
const isWriting = process.argv.includes('--write')
if (isWriting) writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
const faults = pages.flatMap((page) => [
  ...blockFaults(page, translationOf(page)),
  ...(isWriting ? [] : sectionFaults(page, translationOf(page))),
])
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1

function translationOf(page) {
  return page.replace(/\.md$/, '.zh-CN.md')
}

function blockFaults(page, translation) {
  const wanted = read(page).match(BLOCK) ?? []
  const given = read(translation).match(BLOCK) ?? []
  if (wanted.length !== given.length)
    return [`${translation} has ${given.length} code blocks, ${page} has ${wanted.length}`]
  return wanted.flatMap((block, index) =>
    block === given[index]
      ? []
      : [`${translation}: code block ${index + 1} is not that of ${page}:\n${block}`],
  )
}

function sectionFaults(page, translation) {
  const before = recorded[page] ?? {}
  const names = new Set([...Object.keys(before), ...Object.keys(found[page])])
  return [...names]
    .filter((name) => before[name] !== found[page][name])
    .map(
      (name) =>
        `"${name}" of ${page} has changed: bring ${translation} along, then run node scripts/translations.js --write`,
    )
}

/** A hash of each section's prose, by its heading; spacing and code blocks do not count. */
function hashesOf(text) {
  const prose = text.replace(BLOCK, '').split(/^(?=## )/m)
  return Object.fromEntries(
    prose.map((section) => {
      const name = /^#+ (.+)$/m.exec(section)?.[1] ?? ''
      const words = section.split(/\s+/).join(' ').trim()
      return [name, createHash('sha256').update(words).digest('hex').slice(0, 16)]
    }),
  )
}
