import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { root } from '../packages.js'

const LEFT_OUT = new Set(['node_modules', 'dist', 'test-output'])

/** Copies what tests run from, with the installed packages linked. Returns where, and how to be rid of it. */
export function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'))
  for (const name of [
    'packages',
    'examples',
    'test',
    'jest.config.ts',
    'package.json',
    'tsconfig.base.json',
  ]) {
    const filter = (from) => !LEFT_OUT.has(basename(from))
    cpSync(join(root, name), join(copy, name), { recursive: true, filter })
  }
  for (const folder of installed()) symlinkSync(join(root, folder), join(copy, folder), 'dir')
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) }
}

function installed() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
  return ['.', ...packages]
    .filter((folder) => readdirSync(join(root, folder)).includes('node_modules'))
    .map((folder) => join(folder, 'node_modules'))
}

/** Whether the text that the mutant replaces is in the sources exactly once. */
export function isInPlace({ file, find }) {
  try {
    return readFileSync(join(root, file), 'utf8').split(find).length === 2
  } catch {
    return false
  }
}

/** The suite that is named like the file, as a stage of its own, if there is one. */
export function suiteBeside(file) {
  const suite = file.replace('/src/', '/test/').replace(/\.ts$/, '.test.ts')
  return existsSync(join(root, suite)) ? [[suite]] : []
}

/** Puts the mutant into the copy. Returns how to take it out again. */
export function plant(copy, { file, find, put }) {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(find, () => put),
  )
  return () => writeFileSync(path, text)
}
