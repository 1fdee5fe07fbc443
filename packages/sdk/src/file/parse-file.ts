import { readFileSync } from 'node:fs'
import { loadYaml } from '../lazy/opentelemetry.cts'
import { resolvePlain, substitute, type Variables } from './substitute.ts'

/**
 * The content of a configuration file in YAML, or in JSON where its name ends so, with variables put in.
 *
 * @throws Error that names the file, and the place in it
 */
export function parseFile(file: string, variables: Variables): unknown {
  const fail = (error: unknown): never => {
    throw new Error(
      `callchain: OTEL_CONFIG_FILE ${file}: ${error instanceof Error ? error.message : error}`,
    )
  }
  let text = ''
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    fail(`cannot be read (${String(Reflect.get(Object(error), 'code'))})`)
  }
  try {
    return file.endsWith('.json') ? putIn(JSON.parse(text), variables) : parseYaml(text, variables)
  } catch (error) {
    return fail(error)
  }
}

function putIn(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return substitute(value, variables)
  if (Array.isArray(value)) return value.map((each) => putIn(each, variables))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, putIn(each, variables)]),
  )
}

function parseYaml(text: string, variables: Variables): unknown {
  const { isScalar, parseDocument, visit } = loadYamlOrSay()
  const document = parseDocument(text)
  const [fault] = document.errors
  if (fault !== undefined) throw fault
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || !isScalar(node) || !node.source?.includes('$')) return
      const filled = substitute(node.source, variables)
      node.value = node.type === 'PLAIN' ? resolvePlain(filled) : filled
    },
  })
  return document.toJS()
}

function loadYamlOrSay(): ReturnType<typeof loadYaml> {
  try {
    return loadYaml()
  } catch {
    throw new Error(
      'the package yaml is missing; install it with "npm i yaml", or write the file in JSON',
    )
  }
}
