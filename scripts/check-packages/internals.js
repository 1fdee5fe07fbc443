import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { root } from '../packages.js'

const IMPORT = /(?:from|import|require)\b\s*\(?\s*['"](@callchain\/[^'"]*\/internal)['"]/

/** What users read as an example imports nothing that a next version may take away. */
export function checkInternals() {
  return execFileSync('git', ['ls-files', '*.md', 'examples'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => /\.(?:md|[cm]?[jt]sx?)$/.test(file))
    .flatMap((file) => {
      const internal = IMPORT.exec(readFileSync(`${root}/${file}`, 'utf8'))?.[1]
      return internal === undefined
        ? []
        : [`${file} imports ${internal}, which is for our packages`]
    })
}
