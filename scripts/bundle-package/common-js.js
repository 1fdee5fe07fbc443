import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { settings, withoutCommonJsFiles } from './settings.js'

/**
 * Bundles CommonJS into one file, whose parts run when an entry first needs them; esbuild has no
 * chunks for it. Each entry of several is a file that takes its part of it. `exported` has the names
 * that each entry exports.
 */
export async function bundleCommonJs(from, to, exported) {
  mkdirSync(to, { recursive: true })
  const entries = Object.keys(exported)
  const [only] = entries
  if (entries.length === 1) return bundle(from, join(to, `${only}.js`), [join(from, `${only}.js`)])
  const contents = entries.map((name) => `exports['${name}'] = () => require('./${name}.js')\n`)
  const stdin = { contents: contents.join(''), resolveDir: resolve(from) }
  await bundle(from, join(to, 'shared.js'), undefined, stdin)
  for (const name of entries) writeFileSync(join(to, `${name}.js`), entryText(name, exported[name]))
}

async function bundle(from, outfile, entryPoints, stdin) {
  const plugins = [withoutCommonJsFiles(resolve(from))]
  await build({ ...settings, format: 'cjs', entryPoints, stdin, outfile, plugins })
}

// The names are not run: Node looks for them in CommonJS that is imported.
const entryText = (entry, names) => `\
"use strict"
module.exports = require("./shared.js")["${entry}"]()
0 && (module.exports = { ${names.join(', ')} })
`
