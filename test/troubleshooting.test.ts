import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(__dirname, '..')
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8')
const sources = execFileSync('git', ['ls-files', 'packages/*/src/*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('packages/viewer/'))
  .map((file) => ({ text: withoutComments(readFileSync(join(root, file), 'utf8')) }))

/** Backticks and apostrophes of comments are no texts. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

/** The texts of a source file, literals and templates; what a template fills in is `…`. */
function textsOf({ text }: { text: string }): string[] {
  return [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'|`([^`]*)`/g)].map(
    ([, literal, template]) => literal ?? (template ?? '').replace(/\$\{[^}]*\}/g, '…'),
  )
}

const warning = sources.filter(({ text }) => text.includes('emitWarning('))

describe('The troubleshooting page', () => {
  it('has a heading for each code that a warning has, and for no other', () => {
    const codes = warning.flatMap(textsOf).filter((text) => /^CALLCHAIN_[A-Z_]+$/.test(text))
    const headings = [...page.matchAll(/^### (CALLCHAIN_\w+)$/gm)].map(([, code]) => code)

    expect([...new Set(codes)].sort()).toEqual(headings.sort())
  })

  it('quotes each text that such a warning has', () => {
    const said = warning.flatMap(textsOf).filter((text) => /\. /.test(text))
    const quotes = [...page.matchAll(/^> callchain: (.*)$/gm)].map(([, text]) => text)

    expect(said.map((text) => text.replace(/^callchain: /, '')).sort()).toEqual(quotes.sort())
  })
})
