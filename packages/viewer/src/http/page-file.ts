import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageFolder } from '../settings/package-folder.ts'
import { HttpError } from './errors.ts'

/** What is in a file besides the page. */
export interface PageData {
  /** The id of the element that the page reads it from. */
  readonly element: string
  readonly title: string
  readonly value: unknown
}

/**
 * The page in one file that needs no server: its scripts and styles are in it, and so is what it shows. It runs
 * no other script and loads nothing.
 *
 * @throws HttpError 404 when the page is not built
 */
export async function writePageFile(data: PageData): Promise<Buffer> {
  const page = await readPage()
  const imports = Object.fromEntries(
    page.scripts.map(({ name, text }) => [
      bareName(name),
      `data:text/javascript;base64,${Buffer.from(withBareNames(text, page.scripts)).toString('base64')}`,
    ]),
  )
  const map = escaped(JSON.stringify({ imports }))
  const start = `import '${bareName(page.main)}'`
  const policy = policyOf([map, start])
  return Buffer.from(
    [
      '<!doctype html>',
      '<html lang="en">',
      '<head>',
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      `<title>${asText(data.title)}</title>`,
      page.icon,
      `<style>${page.style}</style>`,
      `<script type="application/json" id="${data.element}">${escaped(JSON.stringify(data.value))}</script>`,
      `<script type="importmap">${map}</script>`,
      `<script type="module">${start}</script>`,
      '</head>',
      '<body><div id="app"></div><noscript>This page needs JavaScript.</noscript></body>',
      '</html>',
      '',
    ].join('\n'),
  )
}

interface Script {
  readonly name: string
  readonly text: string
}

interface BuiltPage {
  readonly main: string
  readonly scripts: readonly Script[]
  readonly style: string
  readonly icon: string
}

async function readPage(): Promise<BuiltPage> {
  const folder = join(packageFolder() ?? '', 'dist', 'page')
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8')
  try {
    const [index, names] = await Promise.all([read('index.html'), readdir(join(folder, 'assets'))])
    const main = /src="\/assets\/([\w.-]+\.js)"/.exec(index)?.[1] ?? ''
    const style = /href="(\/assets\/[\w.-]+\.css)"/.exec(index)?.[1] ?? ''
    const scripts = names.filter((name) => name.endsWith('.js'))
    return {
      main,
      style: (await read(style)).replaceAll('</', '<\\/'),
      icon: /<link rel="icon"[^>]*>/.exec(index)?.[0] ?? '',
      scripts: await Promise.all(
        scripts.map(async (name) => ({ name, text: await read(`assets/${name}`) })),
      ),
    }
  } catch {
    throw new HttpError(404, 'The page is not built yet: run npm run build.')
  }
}

// In a script that is not at an address, only a name that the import map has leads to another.
function withBareNames(text: string, scripts: readonly Script[]): string {
  let named = text
  for (const { name } of scripts) named = named.replaceAll(`./${name}`, bareName(name))
  return named
}

function bareName(name: string): string {
  return `callchain/${name}`
}

function policyOf(inline: readonly string[]): string {
  const hashes = inline.map((text) => {
    const hash = createHash('sha256').update(text).digest('base64')
    return `'sha256-${hash}'`
  })
  return (
    `default-src 'none'; script-src ${hashes.join(' ')} data:; style-src 'unsafe-inline'; ` +
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
  )
}

/** JSON that does not end the script that it is in. */
function escaped(json: string): string {
  return json.replaceAll('<', '\\u003c')
}

function asText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
