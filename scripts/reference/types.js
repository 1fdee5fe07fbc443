import { Visitor } from 'oxc-parser'
import { commentBefore, find } from './sources.js'

/** The source text of a node on one line. */
export function textOf({ text }, node) {
  return text
    .slice(node.start, node.end)
    .replace(/\/\*\*[\s\S]*?\*\/\s*/g, '')
    .replace(/(?<=[\w\]>)'])\s*\n\s+(?=(?:readonly )?\w+\??: )/g, '; ')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^\| /, '')
    .replace(/([=(<:] )\| /g, '$1')
    .replace(/([([<]) /g, '$1')
    .replace(/,? ([)\]>])/g, '$1')
    .trim()
}

/** How a function, constant or method is called, without its body and its defaults. */
export function signatureOf(source, node) {
  if (node.type === 'VariableDeclaration') {
    const [{ id }] = node.declarations
    return `const ${textOf(source, id)}`
  }
  const { id, typeParameters, params, returnType } = node
  const generic = typeParameters ? textOf(source, typeParameters) : ''
  const result = returnType ? textOf(source, returnType) : ''
  return `function ${id.name}${generic}(${parametersOf(source, params)})${result}`
}

/** The members of an interface or object type, inherited ones included; undefined for other types. */
export function membersOf({ source, nodes: [{ node }] }) {
  if (node.type === 'TSInterfaceDeclaration') {
    const inherited = (node.extends ?? []).flatMap(
      ({ expression }) => membersOfName(source, expression.name) ?? [],
    )
    return [...inherited, ...node.body.body.map((member) => readMember(source, member))]
  }
  if (node.type === 'TSTypeAliasDeclaration') return membersOfType(source, node.typeAnnotation)
  return undefined
}

function membersOfType(source, type) {
  if (type.type === 'TSTypeLiteral') return type.members.map((each) => readMember(source, each))
  if (type.type !== 'TSTypeReference') return undefined
  const [of, keys] = type.typeArguments?.params ?? []
  const { name } = type.typeName
  if (name !== 'Omit' && name !== 'Pick') return membersOfName(source, name)
  const listed =
    textOf(source, keys)
      .match(/'[^']+'/g)
      ?.map((key) => key.slice(1, -1)) ?? []
  return membersOfType(source, of)?.filter(
    (each) => listed.includes(each.name) === (name === 'Pick'),
  )
}

function membersOfName(source, name) {
  const found = find(source.file, name)
  return found && membersOf(found)
}

function readMember(source, member) {
  const { key, typeAnnotation, optional = false } = member
  const name = key ? source.text.slice(key.start, key.end) : ''
  const isMethod = member.type === 'TSMethodSignature'
  const type = isMethod
    ? `(${parametersOf(source, member.params)}) => ${typeOf(source, member.returnType)}`
    : typeOf(source, typeAnnotation)
  const comment = commentBefore(source, member.start)
  return { source, name, type, optional, isMethod, comment, text: textOf(source, member), member }
}

function typeOf(source, annotation) {
  return annotation ? textOf(source, annotation.typeAnnotation) : ''
}

function parametersOf(source, params) {
  return params
    .map((param) => {
      if (param.type === 'RestElement') return textOf(source, param)
      const isOptional = param.type === 'AssignmentPattern' || param.optional
      const of = param.type === 'AssignmentPattern' ? param.left : param
      const name = of.type === 'Identifier' ? of.name : 'options'
      const type = of.typeAnnotation ? textOf(source, of.typeAnnotation) : ''
      return `${name}${isOptional ? '?' : ''}${type}`
    })
    .join(', ')
}

/** The names of types that a node mentions. */
export function typeNames(node) {
  const names = new Set()
  new Visitor({
    TSTypeReference: ({ typeName }) => typeName.name && names.add(typeName.name),
  }).visit(program(node))
  return [...names]
}

function program(node) {
  return { type: 'Program', body: [node], start: node.start, end: node.end }
}

/** `'a' | 'b'` for a name that stands for that; else undefined. */
export function wordsOf(source, name) {
  const found = find(source.file, name)
  const type = found?.nodes[0].node.typeAnnotation
  if (type?.type !== 'TSUnionType') return undefined
  const isWords = type.types.every(({ type: kind }) => kind === 'TSLiteralType')
  return isWords ? textOf(found.source, type) : undefined
}
