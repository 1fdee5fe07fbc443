import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * The packages that are published, in alphabetical order: `name`, the folder's name under
 * packages/, its absolute `folder`, and its package.json as `manifest`.
 */
export function publicPackages() {
  return readdirSync(`${root}/packages`)
    .filter((name) => existsSync(`${root}/packages/${name}/package.json`))
    .map((name) => {
      const folder = `${root}/packages/${name}`
      return { name, folder, manifest: JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) }
    })
    .filter(({ manifest }) => !manifest.private)
}

/** What a consumer may import of a package, e.g. '@callchain/clients/fetch'. */
export function entriesOf({ manifest }) {
  return Object.keys(manifest.exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => manifest.name + subpath.slice(1))
}

/** The entries that can be loaded by themselves: not those that set up a test runner. */
export function loadableEntriesOf(each) {
  return entriesOf(each).filter((entry) => !/\/testing\/(?:guard|jest|vitest)$/.test(entry))
}
