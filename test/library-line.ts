import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A library with its version, for the titles of tests: `pg 8.11.0`. */
export function libraryLine(library: string, installedAs: string = library): string {
  let folder = dirname(require.resolve(installedAs))
  for (;;) {
    const manifest = join(folder, 'package.json')
    const { name, version } = existsSync(manifest)
      ? JSON.parse(readFileSync(manifest, 'utf8'))
      : { name: undefined, version: undefined }
    if (name === library) return `${library} ${version}`
    if (folder === dirname(folder)) throw new Error(`${library} has no package.json`)
    folder = dirname(folder)
  }
}
