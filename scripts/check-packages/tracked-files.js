import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { root } from '../packages.js'

/** What no tracked file may name: one machine's folders, and registries by their host. */
const forbidden = [
  { pattern: /(?<![\w./-])\/(?:work|home|Users|root)\/[\w.-]+/, what: 'a folder of one machine' },
  { pattern: /\bregistry\.(?!example)[a-z0-9-]+\.[a-z]{2,}/i, what: 'the host of a registry' },
  { pattern: /^(?:<{7}|>{7}) /m, what: 'the mark of an unfinished merge' },
]

/** The tracked files that name something of one machine, one sentence each. */
export function checkTrackedFiles() {
  const names = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  return names
    .split('\0')
    .filter((name) => name && name !== 'scripts/check-packages/tracked-files.js')
    .filter((name) => existsSync(`${root}/${name}`) && statSync(`${root}/${name}`).size < 2 ** 20)
    .flatMap((name) => {
      const text = readFileSync(`${root}/${name}`, 'latin1')
      return forbidden.flatMap(({ pattern, what }) => {
        const found = pattern.exec(text)
        if (!found) return []
        const line = text.slice(0, found.index).split('\n').length
        return [`${name}:${line} names ${what}: ${found[0].trim()}`]
      })
    })
}
