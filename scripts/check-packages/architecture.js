import { existsSync, readFileSync } from 'node:fs'
import { root } from '../packages.js'
import { rooms } from './rooms.js'

const PAGE = 'docs/architecture.md'

/** What docs/architecture.md lacks of the rooms, and what it names that is not there. */
export function checkArchitecture() {
  const page = readFileSync(`${root}/${PAGE}`, 'utf8')
  return [...missingRooms(page), ...missingFiles(page)]
}

/** The rooms without a line in the table of their package. */
function missingRooms(page) {
  return Object.entries(rooms).flatMap(([base, names]) => {
    const start = page.indexOf(`\n\`packages/${base}\``)
    if (start < 0) return [`${PAGE} has no table for packages/${base}`]
    const end = /\n`packages\/|\n## /.exec(page.slice(start + 1))?.index ?? page.length
    const named = page
      .slice(start + 1, start + 1 + end)
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => line.split('|')[1].match(/[\w-]+/g))
    return [
      ...names
        .filter((name) => !named.includes(name))
        .map((name) => `${PAGE} does not say what packages/${base}/${name} is for`),
      ...named
        .filter((name) => !names.includes(name))
        .map((name) => `${PAGE} names packages/${base}/${name}, which is not in rooms.js`),
    ]
  })
}

/** The files that a walk stops at and that do not exist. */
function missingFiles(page) {
  const folders = ['', ...Object.keys(rooms).map((base) => `packages/${base}/`)]
  return [...page.matchAll(/^```text\n([\s\S]*?)^```/gm)]
    .flatMap(([, block]) => block.match(/^ *[\w/-]+\.tsx?(?= )/gm) ?? [])
    .map((file) => file.trim())
    .filter((file) => !folders.some((folder) => existsSync(`${root}/${folder}${file}`)))
    .map((file) => `${PAGE} names ${file}, which does not exist`)
}
