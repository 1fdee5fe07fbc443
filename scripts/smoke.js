// Installs the packed packages into an empty folder, as a user does, and asks: can each entry be
// imported and required, does it offer the names it should, do its types compile for a user, does
// a CommonJS Jest take it, and do the ESM and the CommonJS copy share their context?
// `--write` records the names that are offered now in smoke/expected-exports.json, `--keep` keeps
// the folder.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entriesOf, loadableEntriesOf, publicPackages, root } from './packages.js'
import { createConsumer } from './smoke/consumer-folder.js'
import { runIn } from './smoke/run-in.js'
import { testChains } from './smoke/test-chains.js'

const expectedFile = `${root}/scripts/smoke/expected-exports.json`
const packages = publicPackages()
const entries = packages.flatMap(loadableEntriesOf)
const folder = mkdtempSync(join(tmpdir(), 'callchain-smoke-'))
const faults = []

try {
  await createConsumer(folder, packages)
  const offered = exportsOf('import-all.mjs')
  compare('require', exportsOf('require-all.cjs'), offered)
  // Names that could not be read are not to be recorded as gone.
  if (process.argv.includes('--write') && faults.length === 0) writeExpected(offered)
  else compare('import', offered, JSON.parse(readFileSync(expectedFile, 'utf8')))
  for (const resolution of ['nodenext', 'bundler'])
    step(`types, ${resolution}`, compile(resolution))
  step('types, node10', findEntries())
  step('jest, CommonJS', jest())
  step('two copies, one context', script('copies.mjs'))
  for (const [name, run] of Object.entries(testChains(folder))) step(name, run())
} finally {
  if (process.argv.includes('--keep')) console.log(`Kept ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}
for (const fault of faults) console.error(fault)
console.log(`${entries.length} entries of ${packages.length} packages, ${faults.length} faults.`)
process.exitCode = faults.length === 0 ? 0 : 1

function step(name, { status, output }) {
  if (status !== 0) faults.push(`${name}:\n${output}`)
}

function script(name, args = []) {
  copyFileSync(`${root}/scripts/smoke/${name}`, `${folder}/${name}`)
  return runIn(folder, process.execPath, [name, ...args])
}

/** The names that each entry offers; an entry that cannot be loaded is a fault and left out. */
function exportsOf(name) {
  const { status, stdout, stderr } = script(name, entries)
  if (status !== 0) faults.push(`${name}:\n${stderr}`)
  return status === null ? {} : JSON.parse(stdout.trim().split('\n').at(-1) || '{}')
}

function compare(what, actual, expected) {
  for (const entry of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const has = new Set(actual[entry] ?? [])
    const wants = new Set(expected[entry] ?? [])
    const lost = [...wants].filter((name) => !has.has(name))
    const added = [...has].filter((name) => !wants.has(name))
    if (!actual[entry]) faults.push(`${what} ${entry}: the entry is gone`)
    else if (!expected[entry]) faults.push(`${what} ${entry}: a new entry; run with --write`)
    else if (lost.length > 0) faults.push(`${what} ${entry}: lost ${lost.join(', ')}`)
    if (expected[entry] && added.length > 0)
      faults.push(`${what} ${entry}: new ${added.join(', ')}; run with --write if they are meant`)
  }
}

function writeExpected(offered) {
  writeFileSync(expectedFile, `${JSON.stringify(offered, null, 2)}\n`)
  const biome = `${root}/node_modules/@biomejs/biome/bin/biome`
  step('format', runIn(root, process.execPath, [biome, 'format', '--write', expectedFile]))
}

function compile(resolution) {
  copyFileSync(`${root}/scripts/smoke/consumer.ts`, `${folder}/consumer.ts`)
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: ['node'],
    module: resolution === 'bundler' ? 'esnext' : resolution,
    moduleResolution: resolution,
  }
  const config = `tsconfig.${resolution}.json`
  const text = JSON.stringify({ compilerOptions, files: ['consumer.ts'] })
  writeFileSync(`${folder}/${config}`, text)
  const tsc = ['node_modules/typescript/bin/tsc', '--pretty', 'false', '-p', config]
  const { output } = runIn(folder, process.execPath, tsc)
  // Where the declarations of others disagree among themselves, our packages cannot help.
  const others = /^node_modules\/(?!@callchain\/)|^\s/
  const ours = output.split('\n').filter((line) => line !== '' && !others.test(line))
  return { status: ours.length, output: ours.join('\n') }
}

/** Whether TypeScript finds each entry as older projects have it set up, which read no `exports`. */
function findEntries() {
  const imports = packages
    .flatMap(entriesOf)
    .map((entry, index) => `import * as entry${index} from '${entry}'\nexport { entry${index} }\n`)
  writeFileSync(`${folder}/entries.cts`, imports.join(''))
  const options = [
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    '--target',
    'es2022',
    '--pretty',
    'false',
  ]
  const older = ['--module', 'commonjs', '--moduleResolution', 'node10', '--types', 'node']
  const tsc = ['node_modules/typescript/bin/tsc', ...options, ...older, 'entries.cts']
  return runIn(folder, process.execPath, tsc)
}

function jest() {
  copyFileSync(`${root}/scripts/smoke/entries.jest.cjs`, `${folder}/entries.test.cjs`)
  writeFileSync(`${folder}/entries.json`, JSON.stringify(entries))
  const config = JSON.stringify({ testMatch: ['<rootDir>/entries.test.cjs'], transform: {} })
  const args = ['node_modules/jest/bin/jest.js', '--rootDir', '.', '--config', config]
  return runIn(folder, process.execPath, args)
}
