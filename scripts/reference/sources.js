import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { root } from '../packages.js'

const sources = new Map()

/** A source file, read once: `file`, `text`, its statements and its comments. */
export function sourceOf(file) {
  const known = sources.get(file)
  if (known !== undefined) return known
  const text = readFileSync(file, 'utf8')
  const { program, comments } = parseSync(file, text)
  const source = { file, text, statements: program.body, comments }
  sources.set(file, source)
  return source
}

/** The names that a file exports, each with the declarations it stands for; those of others have none. */
export function exportsOf(file) {
  return sourceOf(file)
    .statements.flatMap((statement) => {
      if (statement.type !== 'ExportNamedDeclaration') return []
      if (statement.declaration)
        return namesOf(statement.declaration).map((name) => ({ name, ...find(file, name) }))
      return statement.specifiers.map(({ local, exported }) => {
        const from = statement.source ? fileOf(file, statement.source.value) : file
        return { name: exported.name, ...(from && find(from, local.name)) }
      })
    })
    .filter(({ name }, index, all) => all.findIndex((each) => each.name === name) === index)
}

/** What a name means in a file: where it is declared, and its declarations; undefined if that is elsewhere. */
export function find(file, name) {
  const source = sourceOf(file)
  const nodes = source.statements.flatMap((statement) => {
    const node = statement.declaration ?? statement
    return namesOf(node).includes(name) ? [{ node, start: statement.start }] : []
  })
  if (nodes.length > 0) return { source, declared: name, nodes }
  for (const statement of source.statements) {
    const { type, source: from, specifiers = [] } = statement
    if (from?.type !== 'Literal') continue
    const key = type === 'ImportDeclaration' ? 'local' : 'exported'
    const hit = specifiers.find((each) => each[key]?.name === name)
    const target = hit && fileOf(file, from.value)
    if (target) return find(target, (type === 'ImportDeclaration' ? hit.imported : hit.local).name)
  }
  return undefined
}

/** The doc comment that ends right before a place, without its stars; '' if there is none. */
export function commentBefore({ text, comments }, start) {
  const comment = comments.findLast(({ type, value, end }) => {
    const isDoc = type === 'Block' && value.startsWith('*')
    return isDoc && end <= start && text.slice(end, start).trim() === ''
  })
  if (comment === undefined) return ''
  return comment.value
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()
}

function namesOf(node) {
  if (node.type === 'VariableDeclaration') return node.declarations.map(({ id }) => id.name)
  return node.id?.name ? [node.id.name] : []
}

/** The file behind an import between our packages; undefined for those of others. */
function fileOf(file, specifier) {
  if (specifier.startsWith('.')) return join(dirname(file), specifier)
  const [, name, subpath = 'index'] = /^@callchain\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? []
  const target = `${root}/packages/${name}/src/${subpath}.ts`
  return name && existsSync(target) ? target : undefined
}
