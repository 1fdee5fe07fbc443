import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

const root = resolve(__dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const manifest = JSON.parse(read('package.json'))
const yamlIn = (folder: string): string[] =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)

interface Job {
  readonly container?: string
  readonly permissions?: Record<string, string>
  readonly strategy?: { readonly matrix: { readonly node: unknown[] } }
  readonly 'timeout-minutes'?: number
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[]
}

interface Workflow {
  readonly permissions: Record<string, string>
  readonly jobs: Record<string, Job>
}

describe.each(yamlIn('.github/workflows'))('%s', (file) => {
  const workflow: Workflow = parse(read(file))
  const jobs = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps)

  it('runs npm scripts and files that exist', () => {
    const commands = steps.flatMap(({ run }) => run?.split('\n') ?? []).filter(Boolean)
    expect(commands.map(commandFault).filter(Boolean)).toEqual([])
  })

  it('pins each action to a commit, and says which version that is', () => {
    const used = read(file).match(/uses: .*/g) ?? []
    expect(used.filter((line) => !/@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  it('may only read, unless a job says more, and ends by itself', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(jobs.filter((job) => job['timeout-minutes'] === undefined)).toEqual([])
  })
})

it('the workflows test on every line of Node that is promised, and publish with provenance', () => {
  const { jobs: testing }: Workflow = parse(read('.github/workflows/test.yml'))
  const { jobs: releasing }: Workflow = parse(read('.github/workflows/release.yml'))
  expect(testing.tests?.strategy?.matrix.node).toEqual([20, 22, 24])
  expect(releasing.publish?.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
  expect(read('.github/workflows/release.yml')).toContain("NPM_CONFIG_PROVENANCE: 'true'")
})

it.each(yamlIn('.github/ISSUE_TEMPLATE').filter((file) => !file.endsWith('/config.yml')))(
  '%s is a form of questions that GitHub can show',
  (file) => {
    const { name, description, body } = parse(read(file))
    const ids = body.map(({ id }: { id: string }) => id)
    const types = body.map(({ type }: { type: string }) => type)
    expect({ name, description }).toEqual({
      name: expect.any(String),
      description: expect.any(String),
    })
    expect(new Set(ids).size).toBe(ids.length)
    expect(['textarea', 'input', 'dropdown']).toEqual(expect.arrayContaining([...new Set(types)]))
  },
)

/** What a command names that does not exist; a command that is not known here is a fault as well. */
function commandFault(command: string): string | undefined {
  const [program = '', first = '', second = '', ...rest] = command.split(' ')
  const isKnown = {
    npm: () => ['ci', 'test'].includes(first) || (first === 'run' && second in manifest.scripts),
    npx: () => isFile(`node_modules/.bin/${first}`),
    node: () => isFile(first),
  }[program]
  if (!(isKnown?.() ?? (program.startsWith('./') && isExecutable(program))))
    return `names nothing that exists: ${command}`
  // Some of our scripts run another command.
  const inner = program !== 'node' ? [] : second === '--install' ? rest : [second, ...rest]
  return /^(?:node|npx|npm)$/.test(inner[0] ?? '') ? commandFault(inner.join(' ')) : undefined
}

function isFile(name: string): boolean {
  return existsSync(join(root, name))
}

function isExecutable(name: string): boolean {
  return isFile(name) && (statSync(join(root, name)).mode & 0o100) !== 0
}

describe('npm run release:prepare', () => {
  const folders: string[] = []
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  it('gives the first version what was unreleased, and leaves its number as it is', () => {
    const folder = copyOfRepository({ changelog: '# Changelog\n\n## Unreleased\n\n- The first.\n' })
    addChangeset(folder, 'minor', 'The second.')

    expect(prepare(folder)).toMatchObject({ status: 0 })
    expect(changelogOf(folder)).toMatch(
      /^# Changelog\n\n## Unreleased\n\n## 0\.1\.0 - [\d-]{10}\n\n- The first\.\n- The second\.\n$/,
    )
    expect(check(folder, 'v0.1.0')).toEqual({ status: 0, output: '' })
    expect(check(folder, 'v0.1.1').output).toContain('The tag is v0.1.1, not v0.1.0')
  }, 60_000)

  it('takes the next version from the changesets, in every package and wherever it is stated', () => {
    const old = '## 0.1.0 - 2026-01-01\n\n- The first.\n'
    const folder = copyOfRepository({ changelog: `# Changelog\n\n## Unreleased\n\n${old}` })
    addChangeset(folder, 'minor', 'The second,\nin two lines.')

    expect(prepare(folder)).toMatchObject({ status: 0 })
    expect(changelogOf(folder)).toMatch(
      /## Unreleased\n\n## 0\.2\.0 - [\d-]{10}\n\n- The second,\n {2}in two lines\.\n\n## 0\.1\.0 - 2026-01-01\n\n- The first\.\n$/,
    )
    for (const name of ['package.json', 'packages/koa/package.json', 'examples/shop/package.json'])
      expect(readFileSync(join(folder, name), 'utf8')).toContain('"version": "0.2.0"')
    expect(readFileSync(join(folder, 'packages/koa/package.json'), 'utf8')).toContain(
      '"@callchain/core": "0.2.0"',
    )
    expect(readFileSync(join(folder, 'packages/sdk/src/config/version.ts'), 'utf8')).toContain(
      "VERSION = '0.2.0'",
    )
    expect(check(folder, 'v0.2.0')).toEqual({ status: 0, output: '' })
  }, 60_000)

  it('refuses a next version without a changeset', () => {
    const changelog = '# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-01-01\n\n- The first.\n'
    const folder = copyOfRepository({ changelog })

    expect(prepare(folder).output).toContain('There is no changeset')
  })

  /** What the scripts read of the repository, with this changelog and without changesets. */
  function copyOfRepository({ changelog }: { changelog: string }): string {
    const folder = mkdtempSync(join(tmpdir(), 'callchain-release-'))
    folders.push(folder)
    const wanted = ['package.json', '**/package.json', '**/version.ts', 'scripts', '.npmrc']
    const files = execFileSync('git', ['ls-files', '--', ...wanted, '.changeset'], {
      cwd: root,
      encoding: 'utf8',
    })
    for (const file of files.split('\n').filter((name) => name && existsSync(join(root, name))))
      cpSync(join(root, file), join(folder, file))
    for (const name of readdirSync(join(folder, '.changeset')))
      if (/(?<!README)\.md$/.test(name)) rmSync(join(folder, '.changeset', name))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
    return folder
  }

  function addChangeset(folder: string, kind: string, summary: string): void {
    const text = `---\n'@callchain/koa': ${kind}\n---\n\n${summary}\n`
    writeFileSync(join(folder, '.changeset/one.md'), text)
  }

  function prepare(folder: string): { status: number | null; output: string } {
    return run(folder, ['scripts/release-prepare.js', '--no-lockfile'])
  }

  function check(folder: string, tag: string): { status: number | null; output: string } {
    return run(folder, ['scripts/release-check.js', tag])
  }

  function changelogOf(folder: string): string {
    return readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')
  }
})

it('a package that grew by more than a tenth is named with both figures', () => {
  const script = `
    import { growth, pageOf, rowsOf } from './scripts/package-sizes/table.js'
    const row = { name: '@callchain/koa', files: 10, packed: 1000, unpacked: 5000, modules: 20 }
    const recorded = rowsOf(pageOf([row]))
    console.log(JSON.stringify([
      growth(recorded, [{ ...row, packed: 1100 }]),
      growth(recorded, [{ ...row, packed: 1101, modules: 23 }]),
      growth(recorded, []),
      growth([], [row]),
    ]))`
  const { output } = run(root, ['--input-type=module', '--eval', script])

  expect(JSON.parse(output)).toEqual([
    [],
    ['@callchain/koa: packed grew from 1000 to 1101', '@callchain/koa: modules grew from 20 to 23'],
    ['@callchain/koa is gone'],
    ['@callchain/koa is not recorded'],
  ])
})

function run(cwd: string, args: readonly string[]): { status: number | null; output: string } {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}
