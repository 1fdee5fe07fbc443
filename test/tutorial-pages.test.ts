import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { codeBlocks } from './documents/code-blocks.ts'
import { freePort } from './free-port.ts'

// What a reader has who copies a page's blocks, in their order, into an empty folder.

const root = resolve(__dirname, '..')
const folders: string[] = []

beforeAll(() => {
  const built = spawnSync(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stdout + built.stderr)
}, 300_000)
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe.each(['README.md', 'docs/getting-started.md'])('the code of %s', (page) => {
  const files = filesOf(page)

  it('is at least a service and its set-up', () => {
    expect([...files.keys()]).toEqual(expect.arrayContaining(['tracing.js', 'app.js']))
  })

  it.each([...files.keys()].filter((name) => name !== 'tracing.js'))(
    '%s runs, answers and is traced',
    async (name) => {
      const { answer, tree } = await askOnce(folderWith(files), name)
      expect(answer).toMatchObject({ order: '7' })
      expect(tree).toMatch(/^orders trace [\da-f]{32}\nSERVER +GET \/orders\/:id .*200/)
    },
    60_000,
  )
})

describe.each(['README.md', 'docs/getting-started.md'])('the install line of %s', (page) => {
  // What it leaves out, npm would look for on a registry.
  it('names every package that the packages it names need', () => {
    const line = /callchain-\{([\w,]+)\}-\*\.tgz/.exec(readFileSync(join(root, page), 'utf8'))?.[1]
    const named = (line ?? '').split(',')
    const needed = named.flatMap((name) => {
      const manifest = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')
      return Object.keys(JSON.parse(manifest).dependencies ?? {})
        .filter((dependency) => dependency.startsWith('@callchain/'))
        .map((dependency) => dependency.slice('@callchain/'.length))
    })

    expect(named).toEqual(expect.arrayContaining(needed))
    expect(needed).not.toEqual([])
  })
})

/** The files that a page gives, each as far as its blocks go. */
function filesOf(page: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const { marks, code } of codeBlocks(page, readFileSync(join(root, page), 'utf8'))) {
    const name = /^file=examples\/quick-start\/(.+)$/.exec(marks[0] ?? '')?.[1]
    if (name !== undefined) files.set(name, `${files.get(name) ?? ''}${code}\n\n`)
  }
  return files
}

function folderWith(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'callchain-page-'))
  folders.push(folder)
  for (const [name, code] of files) writeFileSync(join(folder, name), code)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return folder
}

async function askOnce(folder: string, name: string): Promise<{ answer: unknown; tree: string }> {
  const port = await freePort()
  const child = spawn(process.execPath, [name], {
    cwd: folder,
    env: { ...process.env, PORT: `${port}`, OTEL_TRACES_EXPORTER: 'console', NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  try {
    const answer = await askUntilItAnswers(`http://localhost:${port}/orders/7`, () => {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${said}`)
    })
    while (!said.includes('SERVER')) await once(child.stderr, 'data')
    return { answer, tree: said }
  } finally {
    child.kill()
    await once(child, 'close')
  }
}

/** The first answer; `check` is asked before each try and throws when there will be none. */
async function askUntilItAnswers(url: string, check: () => void): Promise<unknown> {
  for (;;) {
    check()
    const answer = await fetch(url).catch(() => undefined)
    if (answer !== undefined) return answer.json()
    await new Promise((next) => setTimeout(next, 50))
  }
}
