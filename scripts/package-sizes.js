// Measures every package as npm packs it, and how many modules each entry loads, and compares with
// docs/package-sizes.md: nothing may grow by more than a tenth without being told. `--write` records
// what is measured.
import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { growth, pageOf, rowsOf } from './package-sizes/table.js'
import { loadableEntriesOf, publicPackages, root } from './packages.js'
import { extractPackages } from './packed/extract-packages.js'

const run = promisify(execFile)
const page = `${root}/docs/package-sizes.md`

const rows = []
// Where the packed packages find what they depend on, and not each other as the repository has them.
const folder = `${root}/node_modules/.cache/package-sizes`
mkdirSync(folder, { recursive: true })
try {
  const packed = await extractPackages(folder)
  for (const each of publicPackages()) {
    const { name } = each.manifest
    const { entryCount, size, unpackedSize } = packed.find((one) => one.name === name)
    rows.push({ name, files: entryCount, packed: size, unpacked: unpackedSize })
    for (const entry of loadableEntriesOf(each)) rows.push(...(await imported(entry)))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const faults = []
if (process.argv.includes('--write')) writeFileSync(page, pageOf(merged(rows)))
else
  faults.push(...growth(existsSync(page) ? rowsOf(readFileSync(page, 'utf8')) : [], merged(rows)))
for (const fault of faults) console.error(fault)
if (faults.length > 0) console.error('If it is meant: node scripts/package-sizes.js --write')
else console.log(`${publicPackages().length} packages weigh what docs/package-sizes.md says.`)
process.exitCode = faults.length === 0 ? 0 : 1

/** The row of an entry; none where importing it starts something. */
async function imported(name) {
  if (name.endsWith('/register')) return []
  const script = `${folder}/count-modules.mjs`
  copyFileSync(`${root}/scripts/package-sizes/count-modules.mjs`, script)
  const { stdout } = await run(process.execPath, [script, name], { cwd: folder })
  return [{ name, modules: Number(stdout) }]
}

/** A package's own entry has its name: one row for both. */
function merged(list) {
  const found = new Map()
  for (const row of list) found.set(row.name, { ...found.get(row.name), ...row })
  return [...found.values()]
}
