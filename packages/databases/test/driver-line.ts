import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A driver with its version, for the titles of tests: `pg 8.11.0`. */
export function driverLine(driver: string, installedAs: string = driver): string {
  let folder = dirname(require.resolve(installedAs))
  for (;;) {
    const manifest = join(folder, 'package.json')
    const { name, version } = existsSync(manifest)
      ? JSON.parse(readFileSync(manifest, 'utf8'))
      : { name: undefined, version: undefined }
    if (name === driver) return `${driver} ${version}`
    if (folder === dirname(folder)) throw new Error(`${driver} has no package.json`)
    folder = dirname(folder)
  }
}
