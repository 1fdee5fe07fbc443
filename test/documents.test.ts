import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { transformSync } from '@swc/core'
import { type CodeBlock, codeBlocks, isExcerpt, isProgram } from './documents/code-blocks.ts'
import { isLostInPackage, linkFault, repositoryLinks } from './documents/links.ts'

// CONTRIBUTING.md tells writers the rule that is tested here.

const root = resolve(__dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const inRepository = (...patterns: string[]): string[] =>
  execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns],
    { cwd: root, encoding: 'utf8' },
  )
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))

const documents = inRepository('*.md')
const vouched = documents.filter((file) =>
  /^(?:[^/]+\.md|docs\/.*|(?:packages|examples)\/[^/]+\/(?:README|AGENTS)\.md)$/.test(file),
)
// What is in doc comments: `npm run check` holds these pages to them.
const isReference = (file: string): boolean => file.startsWith('docs/reference/')
const programs = vouched
  .filter((file) => !isReference(file))
  .flatMap((file) => codeBlocks(file, read(file)))
  .filter(isProgram)
const marked = (mark: string): CodeBlock[] => programs.filter(({ marks }) => marks.includes(mark))
const place = ({ file, line }: CodeBlock): string => `${file}:${line}`
const source = (block: CodeBlock): string | undefined =>
  block.marks.find((mark) => mark.startsWith('file='))?.slice('file='.length)

const node = (args: readonly string[], cwd: string, timeout = 60_000) => {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env
  const result = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8', timeout })
  const { stdout, stderr } = result
  return { status: result.status, output: `${stdout}${stderr}${result.error?.message ?? ''}` }
}

describe('The documents', () => {
  it('mark every code block in TypeScript or JavaScript: file=, run or check', () => {
    const unmarked = programs
      .filter((block) => !source(block) && !/\b(?:run|check)\b/.test(block.marks.join(' ')))
      .map(place)

    expect(unmarked).toEqual([])
  })

  it('quote the files that they name word for word', () => {
    const faults = programs.flatMap((block) => {
      const file = source(block)
      if (file === undefined) return []
      if (inRepository(file).length === 0) return [`${place(block)}: ${file} does not exist`]
      return isExcerpt(block.code, read(file))
        ? []
        : [`${place(block)} is not an excerpt of ${file}`]
    })

    expect(faults).toEqual([])
  })

  it('link to files and headings that exist', () => {
    const faults = documents.flatMap((file) =>
      repositoryLinks(read(file)).flatMap(({ line, target }) => {
        const fault = linkFault(root, file, target)
        return fault === undefined ? [] : [`${file}:${line}: ${fault}`]
      }),
    )

    expect(faults).toEqual([])
  })

  it('link from a package only to what is installed with it, or by the address of the repository', () => {
    const faults = documents
      .filter((file) => /^packages\/[^/]+\/(?:README|AGENTS)\.md$/.test(file))
      .flatMap((file) =>
        repositoryLinks(read(file))
          .filter(isLostInPackage)
          .map(({ line, target }) => `${file}:${line}: ${target} is not in the package`),
      )

    expect(faults).toEqual([])
  })
})

describe('The code in the documents', () => {
  // Inside the repository, where the packages are found by name.
  const folder = join(root, 'dist/documents')

  beforeAll(() => {
    // Which may have to wait for the build of another suite.
    const built = node(['scripts/set-up.cjs', '--build', '--no-install'], root, 280_000)
    if (built.status !== 0) throw new Error(built.output)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }, 300_000)

  it.each([
    // A user of plain JavaScript annotates nothing.
    { language: 'JavaScript', pattern: /j/, strictness: { noImplicitAny: false } },
    { language: 'TypeScript', pattern: /t/, strictness: {} },
  ])(
    'compiles as $language where it is marked `check` or `run`',
    ({ pattern, strictness }) => {
      const blocks = new Set([...marked('check'), ...marked('run')])
      const files = [...blocks]
        .filter(({ language }) => pattern.test(language[0] ?? ''))
        .map((block) => {
          const name = `${place(block).replace(/[^\w]+/g, '-')}.ts`
          writeFileSync(join(folder, name), `${block.code}\nexport {}\n`)
          return name
        })
      const compilerOptions = {
        composite: false,
        declarationMap: false,
        exactOptionalPropertyTypes: false,
        isolatedDeclarations: false,
        noEmit: true,
        rootDir: root,
        types: ['node', 'jest'],
        ...strictness,
      }
      const config = { extends: '../../tsconfig.base.json', compilerOptions, include: [], files }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
      const tsc = join(root, 'node_modules/typescript/bin/tsc')

      // tsc refuses an empty list of files.
      const result =
        files.length === 0 ? { output: '', status: 0 } : node([tsc, '-p', folder], root, 110_000)

      expect(result).toEqual({ output: '', status: 0 })
    },
    120_000,
  )

  it('runs to its end where it is marked `run`', () => {
    const faults = marked('run').flatMap((block) => {
      const { code } = transformSync(block.code, {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      })
      // Beside the document, so that it finds the dependencies of the document's package.
      const cwd = join(root, dirname(block.file))
      const { status, output } = node(['--input-type=module', '--eval', code], cwd)
      return status === 0 ? [] : [`${place(block)} ended with ${status}:\n${output}`]
    })

    expect(faults).toEqual([])
  }, 300_000)
})
