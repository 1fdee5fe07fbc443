import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from '@jest/globals'

// What an assistant finds: a guide in each package, and llms.txt. Their code is tested in documents.test.ts.

const root = resolve(__dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const guides = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}/AGENTS.md`)
  .filter((file) => existsSync(join(root, file)))
const offered: Record<string, string[]> = JSON.parse(read('scripts/smoke/expected-exports.json'))
const names = new Set(Object.values(offered).flat())

it('every package ships a guide to all of its entries, and llms.txt lists all guides and pages', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/guides.js', '--check'], {
    cwd: root,
    encoding: 'utf8',
  })

  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' })
})

it('llms.txt leads to files that exist', () => {
  const targets = [...read('llms.txt').matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? '')

  expect(targets.length).toBeGreaterThan(guides.length)
  expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([])
})

describe.each(guides)('%s', (file) => {
  const text = read(file)

  it('names functions and entries that exist', () => {
    const functions = [...text.matchAll(/`([a-z]\w+)\(/g)].map(([, name]) => name ?? '')
    const entries = [...text.matchAll(/@callchain\/[\w/-]+(?:\.\w+)?/g)].map(([entry]) => entry)

    // Not ours: compose() is of Koa's and undici's own middleware.
    expect(functions.filter((name) => name !== 'compose' && !names.has(name))).toEqual([])
    expect(entries.filter((entry) => !isEntry(entry))).toEqual([])
  })

  it('is short enough to be read whole, and leads nowhere outside the package', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60)
    expect(text).not.toMatch(/\]\((?!https?:)/)
  })
})

/** Whether it can be imported, by itself or by a test runner, or is a package of subpaths alone. */
function isEntry(name: string): boolean {
  const [, part, subpath] = name.split('/')
  const manifest = `packages/${part}/package.json`
  if (subpath !== undefined && existsSync(join(root, manifest)))
    return `./${subpath}` in JSON.parse(read(manifest)).exports
  return name in offered || Object.keys(offered).some((entry) => entry.startsWith(`${name}/`))
}
