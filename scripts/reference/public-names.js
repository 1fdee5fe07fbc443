import { entriesOf } from '../packages.js'
import { readComment } from './doc-comment.js'
import { commentBefore, exportsOf } from './sources.js'
import { membersOf, signatureOf, textOf, typeNames } from './types.js'

const TYPES = ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'ClassDeclaration']

/** The entries of the packages, each with the names it offers, sorted, functions first. */
export function readEntries(packages) {
  return packages.flatMap((each) =>
    entriesOf(each)
      // What sets up Vitest offers no name, and has no source of ours.
      .filter((entry) => !entry.endsWith('/internal') && !entry.endsWith('/testing/vitest'))
      .map((entry) => readEntry(each, entry)),
  )
}

function readEntry({ name: packageName, folder, manifest }, entry) {
  const subpath = entry.slice(manifest.name.length + 1) || 'index'
  const file = `${folder}/src/${subpath}.ts`
  const names = exportsOf(file)
    .filter(({ name }) => name !== 'default')
    .map((found) => readName(packageName, found))
  const byName = (a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)
  return {
    packageName,
    entry,
    values: names.filter(({ isType }) => !isType).sort(byName),
    types: names.filter(({ isType }) => isType).sort(byName),
  }
}

function readName(packageName, found) {
  const { name, source, nodes } = found
  if (nodes === undefined) throw new Error(`${name} of ${packageName} is declared nowhere`)
  const isType = TYPES.includes(nodes[0].node.type)
  const home = /packages[\\/]([^\\/]+)/.exec(source.file)[1]
  const overloads = nodes.filter(({ node }) => node.type === 'TSDeclareFunction')
  const shown = overloads.length > 0 ? overloads : nodes
  return {
    name,
    source,
    isType,
    /** The package that declares it. */
    home,
    isFunction: /Function/.test(nodes[0].node.type),
    isOptions: isType && (/Options$/.test(name) || name === 'IdentityHash'),
    comment: readComment(commentBefore(source, nodes[0].start)),
    signatures: shown.map(({ node }) =>
      isType ? textOf(source, node) : signatureOf(source, node),
    ),
    members: isType ? membersOf(found) : undefined,
    mentions: nodes.flatMap(({ node }) => mentionsOf(node)),
  }
}

/** The types in what a caller sees: not those in a function's body. */
function mentionsOf(node) {
  if (node.type === 'VariableDeclaration')
    return typeNames({ ...node, declarations: node.declarations.map(withoutInit) })
  return typeNames(node.body?.type === 'BlockStatement' ? { ...node, body: null } : node)
}

function withoutInit(declaration) {
  return { ...declaration, init: null }
}
