import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** The packages with their versions, in one line. */
export const versions = (packages) =>
  [...new Set(packages)].map((name) => `${name} ${versionOf(name)}`).join(', ')

// Read from the file: few packages export their package.json.
function versionOf(name) {
  for (const folder of require.resolve.paths(name)) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version
    } catch {}
  }
  return 'not found'
}
