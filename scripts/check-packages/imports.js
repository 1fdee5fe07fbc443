import { parseSync, Visitor } from 'oxc-parser'

/** What a source file imports, loads or re-exports: from where, on which line, and whether only types. */
export function importsOf(file, text) {
  const { module, program } = parseSync(file, text)
  const found = []
  const add = (from, start, isType) =>
    found.push({ from, isType, line: text.slice(0, start).split('\n').length })
  for (const { moduleRequest, entries, start } of module.staticImports)
    add(moduleRequest.value, start, isAllTypes(entries) || /^import type\b/.test(text.slice(start)))
  for (const { entries, start } of module.staticExports) {
    const from = entries.find(({ moduleRequest }) => moduleRequest)?.moduleRequest.value
    if (from !== undefined) add(from, start, isAllTypes(entries))
  }
  new Visitor({
    TSImportType: ({ source, start }) => add(source.value, start, true),
    ImportExpression: ({ source, start }) => add(source.value, start, false),
    CallExpression({ callee, arguments: [source], start }) {
      if (callee.name === 'require' && source) add(source.value, start, false)
    },
  }).visit(program)
  return found.filter(({ from }) => typeof from === 'string')
}

function isAllTypes(entries) {
  return entries.length > 0 && entries.every(({ isType }) => isType)
}
