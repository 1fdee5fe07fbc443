import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundleCommonJs } from './common-js.js'
import { bundleModules } from './modules.js'

/**
 * Bundles the entries of the package in the current folder from `built` into `made`. ES modules share
 * their parts as chunks, and the CommonJS entries lie in one file, so that what two entries share
 * is there once in each of the two. The declarations stay as they are; source maps are left out.
 */
export async function bundlePackage(built, made) {
  const entries = entryNames()
  const exported = await bundleModules(join(built, 'esm'), join(made, 'esm'), entries)
  await bundleCommonJs(join(built, 'cjs'), join(made, 'cjs'), exported)
  copyRest(built, made)
}

/** The names of the entries, such as `index` and `internal`. */
function entryNames() {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
  return (
    Object.values(exports)
      // What is written by hand, such as the set-up file for Vitest, stays as it is.
      .filter((conditions) => conditions.import !== undefined)
      .map((conditions) => /^\.\/dist\/esm\/([^/]+)\.js$/.exec(conditions.import.default)[1])
  )
}

// Declarations, what is CommonJS in both builds, and the mark of the CommonJS folder.
function copyRest(built, made) {
  for (const name of readdirSync(built, { recursive: true })) {
    if (!/(\.d\.c?ts|\.cjs|package\.json)$/.test(name)) continue
    const target = join(made, name)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(built, name), target)
    const text = readFileSync(target, 'utf8')
    writeFileSync(target, text.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''))
  }
}
