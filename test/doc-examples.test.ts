import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Example, readExamples } from './doc-examples/read-examples.ts'
import type { Setting, Settings } from './doc-examples/setting.ts'
import { adapters } from './doc-examples/settings/adapters.ts'
import { chains } from './doc-examples/settings/chains.ts'
import { clients } from './doc-examples/settings/clients.ts'
import { core } from './doc-examples/settings/core.ts'
import { coreTracers } from './doc-examples/settings/core-tracers.ts'
import { databases } from './doc-examples/settings/databases.ts'
import { jobs } from './doc-examples/settings/jobs.ts'
import { messaging } from './doc-examples/settings/messaging.ts'
import { others } from './doc-examples/settings/others.ts'
import { protocols } from './doc-examples/settings/protocols.ts'

// CONTRIBUTING.md tells writers the rule that is tested here.

const root = resolve(__dirname, '..')
const folder = join(root, 'dist/doc-examples')
const sources = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', 'packages/*/src/**.ts'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const examples = sources.flatMap((file) =>
  readExamples(file, readFileSync(join(root, file), 'utf8')),
)

let origin: Server
let settings: Settings = {}

beforeAll(async () => {
  const built = spawnSync(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 280_000,
  })
  if (built.status !== 0) throw new Error(built.stdout + built.stderr)
  origin = createServer((_, res) =>
    res.setHeader('content-type', 'application/json').end('{"id":7}'),
  )
  await once(origin.listen(0, '127.0.0.1'), 'listening')
  const address = origin.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const url = `http://127.0.0.1:${port}`
  const ofCore = { ...core, ...coreTracers, ...jobs }
  settings = {
    ...adapters,
    ...clients({ url }),
    ...ofCore,
    ...databases,
    ...messaging,
    ...chains,
    ...others,
    ...protocols,
  }
}, 300_000)

afterAll(async () => {
  origin.closeAllConnections()
  await once(origin.close(), 'close')
})

const settingOf = ({ name }: Example): Setting => settings[name] ?? {}
const fileOf = ({ name }: Example): string => name.replace('/', '-')

describe('The examples in doc comments', () => {
  it('have a setting here, and each setting has an example', () => {
    expect(Object.keys(settings).sort()).toEqual(examples.map(({ name }) => name).sort())
  })

  it('compile, against the packages as they are built', () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const said = [...new Set(examples.map(({ language }) => language))].map(compile).join('')

    expect(said).toBe('')
  }, 120_000)

  it('do what they say when they are run', async () => {
    const run = examples.filter((example) => settingOf(example).onlyCompiled === undefined)
    const alone = run.filter((example) => settingOf(example).isAlone)
    const recorded = run.filter((example) => !settingOf(example).isAlone)

    const results = await Promise.all([
      runAll(['--record'], recorded),
      ...alone.map((example) => runAll([], [example])),
    ])

    expect(results.filter(({ status }) => status !== 0)).toEqual([])
    const output = results.map((result) => result.output).join('')
    for (const { prints } of run.map(settingOf)) if (prints) expect(output).toMatch(prints)
  }, 120_000)
})

/** The example as a program, its imports before what it takes for granted. */
function programOf(example: Example): string {
  const { before = '', after = '', instead = {} } = settingOf(example)
  const shown = Object.entries(instead).reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`${example.place} does not say ${from}`)
    return all.replaceAll(from, to)
  }, example.code)
  const [imports, code] = [/^import .*\n/gm, /^(?!import ).*$/gm].map((lines) =>
    (shown.match(lines) ?? []).join('\n'),
  )
  return `// ${example.place}\n${imports}\n${before}\n${code}\n${after}\nexport {}\n`
}

/** Compiles examples of one language, and what runs them. Returns what the compiler says. */
function compile(language: string): string {
  const compilerOptions = {
    composite: false,
    declarationMap: false,
    sourceMap: false,
    isolatedDeclarations: false,
    // Nest's.
    experimentalDecorators: true,
    exactOptionalPropertyTypes: false,
    noUncheckedIndexedAccess: false,
    noImplicitAny: language === 'ts',
    rootDir: root,
    outDir: join(folder, 'out'),
    types: ['node', 'jest'],
  }
  const own = examples.filter((example) => example.language === language)
  for (const example of own)
    writeFileSync(join(folder, `${fileOf(example)}.ts`), programOf(example))
  const files = [
    ...own.map((example) => `${fileOf(example)}.ts`),
    '../../test/doc-examples/run-examples.ts',
  ]
  const config = { extends: '../../tsconfig.base.json', compilerOptions, include: [], files }
  const file = join(folder, `tsconfig.${language}.json`)
  writeFileSync(file, JSON.stringify(config))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '-p', file]
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 55_000 }).stdout
}

async function runAll(
  options: readonly string[],
  each: readonly Example[],
): Promise<{ status: number; output: string }> {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env
  const out = join(folder, 'out')
  const files = each.map((example) => join(out, 'dist/doc-examples', `${fileOf(example)}.js`))
  const args = [join(out, 'test/doc-examples/run-examples.js'), ...options, ...files]
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { status, output: `${stdout}${stderr}` }
}
