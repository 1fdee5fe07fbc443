import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** What the address of a tracked file begins with. */
const REPOSITORY = 'https://github.com/callchain/callchain/blob/main/'

/** A link of a document to another tracked file or heading. */
export interface Link {
  readonly line: number
  readonly target: string
}

/** The links of a Markdown text into the repository, relative or by its address; code is left out. */
export function repositoryLinks(text: string): Link[] {
  const prose = withoutCode(text)
  return prose
    .split(/\r?\n/)
    .flatMap((content, index) =>
      [...content.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s*(\S+)/g)]
        .map((match) => ({ line: index + 1, target: match[1] ?? match[2] ?? '' }))
        .filter(({ target }) => target.startsWith(REPOSITORY) || isRelative(target)),
    )
}

/** Whether a link of a package's page leads nowhere once the package is installed. */
export function isLostInPackage({ target }: Link): boolean {
  // npm always packs the README and the licence; the guide is among the `files` of every package.
  return isRelative(target) && !/^(?:#|(?:README|AGENTS)\.md(?:#|$)|LICENSE$)/.test(target)
}

function isRelative(target: string): boolean {
  return !/^[a-z][a-z+.-]*:/i.test(target)
}

/** What is wrong with a link of `file`, a path from `root`; `undefined` when it leads somewhere. */
export function linkFault(root: string, file: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  const to = path.startsWith(REPOSITORY)
    ? decodeURIComponent(path.slice(REPOSITORY.length))
    : path === ''
      ? file
      : normalize(join(dirname(file), decodeURIComponent(path)))
  if (to.startsWith('..') || !existsSync(join(root, to))) return `${to} does not exist`
  if (anchor === undefined || !to.endsWith('.md')) return undefined
  const known = anchors(readFileSync(join(root, to), 'utf8'))
  return known.has(anchor.toLowerCase()) ? undefined : `${to} has no heading #${anchor}`
}

/** The anchors that a Markdown page gives its headings: lower case, hyphens for spaces. */
function anchors(text: string): Set<string> {
  const found = new Set<string>()
  for (const line of withoutCode(text, false).split(/\r?\n/)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
    if (heading !== undefined) found.add(unused(found, slug(heading)))
    for (const [, id = ''] of line.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) found.add(id)
  }
  return found
}

function slug(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

function unused(found: ReadonlySet<string>, wanted: string): string {
  let name = wanted
  for (let count = 1; found.has(name); count++) name = `${wanted}-${count}`
  return name
}

/** The text with fenced blocks, and inline code if asked, blanked out line by line. */
function withoutCode(text: string, inline = true): string {
  const blank = (code: string): string => code.replace(/[^\n]/g, ' ')
  const prose = text.replace(/^ *(`{3,}|~{3,})[\s\S]*?^ *\1[ \t]*$/gm, blank)
  return inline ? prose.replace(/(`+)[^`\n]+\1/g, blank) : prose
}
