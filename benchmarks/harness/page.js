import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The page of the documents that shows what has been measured. */
export const docsPage = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))

const begin = (name) => `<!-- ${name} -->\n`
const end = (name) => `\n<!-- end of ${name} -->`

/**
 * Writes a page with these sections, each under its name; those that are on the page already and are
 * not among them stay as they are. `order` says which sections there can be, in their order.
 */
export async function writePage(path, measured, { order, intro, outro }) {
  const before = await readFile(path, 'utf8').catch(() => '')
  const texts = order
    .map((name) => [name, measured[name] ?? textOf(before, name)])
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${begin(name)}${text}${end(name)}`)
  await writeFile(path, `${[intro, ...texts, outro].join('\n\n')}\n`)
}

function textOf(page, name) {
  const from = page.indexOf(begin(name))
  const to = page.indexOf(end(name), from)
  return from < 0 || to < 0 ? undefined : page.slice(from + begin(name).length, to)
}
