import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import { root } from '../packages.js'

/**
 * What a reader finds in a page, in its order: files to copy, commands to type, and output that is
 * promised: `{ file, code }`, `{ command }` or `{ output }`.
 */
export async function readPage(page) {
  const { codeBlocks } = await import(codeBlocksModule())
  const steps = []
  for (const { language, marks, code } of codeBlocks(
    page,
    readFileSync(`${root}/${page}`, 'utf8'),
  )) {
    const file = /^file=examples\/quick-start\/(.+)$/.exec(marks[0] ?? '')?.[1]
    if (file !== undefined) steps.push({ file, code })
    else if (language === 'text') steps.push({ output: code })
    else if (language === 'sh') steps.push(...commandsOf(code))
    // The rest of a README is not for the empty folder.
    if (/^npm start\b/m.test(code)) break
  }
  return steps.filter(({ command }) => !command?.startsWith('npm start'))
}

function commandsOf(code) {
  return code
    .split('\n')
    .map((line) => line.replace(/ #.*/, '').trim())
    .filter((line) => line !== '' && !/^npm (?:start|test)\b/.test(line))
    .map((command) => ({ command }))
}

/** The tests' own reader of Markdown, which imports nothing, as a module that Node can load. */
function codeBlocksModule() {
  const source = readFileSync(`${root}/test/documents/code-blocks.ts`, 'utf8')
  const { code } = transformSync(source, { loader: 'ts', format: 'esm' })
  return `data:text/javascript,${encodeURIComponent(code)}`
}
