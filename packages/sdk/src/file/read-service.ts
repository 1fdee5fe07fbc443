import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { COUNT } from '../config/environment.ts'
import { PROPAGATOR_NAMES } from '../config/propagators.ts'
import type { ConfigNode } from './config-node.ts'
import type { FileSettings } from './settings.ts'

/** What a file calls its levels, as `OTEL_LOG_LEVEL` calls them. */
const LEVELS: Readonly<Record<string, string>> = {
  trace: 'verbose',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
}

/** Reads what holds for all signals; gives the attributes of the service, by type. */
export function readService(root: ConfigNode, settings: FileSettings): Attributes {
  settings.set('OTEL_SDK_DISABLED', root.flag('disabled'), 'disabled')
  const words = Object.keys(LEVELS).flatMap((level) => ['', 2, 3, 4].map((nth) => `${level}${nth}`))
  const level = root.choice('log_level', words)
  settings.set('OTEL_LOG_LEVEL', level && LEVELS[level.replace(/\d$/, '')], 'log_level')
  const limits = root.child('attribute_limits')
  for (const key of ['attribute_value_length_limit', 'attribute_count_limit']) {
    settings.set(`OTEL_${key.toUpperCase()}`, limits?.number(key, COUNT), limits?.at(key) ?? key)
  }
  readPropagators(root, settings)
  return readResource(root, settings)
}

function readPropagators(root: ConfigNode, settings: FileSettings): void {
  const node = root.child('propagator')
  if (node === undefined) return
  const named = node.list('composite').flatMap((one) => {
    for (const key of one.keys) one.child(key)
    return one.keys
  })
  const listed = node.text('composite_list')?.split(',') ?? []
  const names = [...new Set([...named, ...listed.map((name) => name.trim())])].filter(Boolean)
  const unknown = names.find((name) => !PROPAGATOR_NAMES.some((each) => each === name))
  const allowed = `a list of ${PROPAGATOR_NAMES.join(', ')}`
  if (unknown !== undefined) throw node.fault('composite', unknown, allowed)
  settings.set('OTEL_PROPAGATORS', names.join(',') || 'none', node.at('composite'))
}

const TYPES = [
  ...['string', 'bool', 'int', 'double'],
  ...['string_array', 'bool_array', 'int_array', 'double_array'],
]

function readResource(root: ConfigNode, settings: FileSettings): Attributes {
  const resource = root.child('resource')
  if (resource === undefined) return {}
  const list = resource.text('attributes_list')
  settings.set('OTEL_RESOURCE_ATTRIBUTES', list, resource.at('attributes_list'))
  const attributes: Attributes = {}
  for (const node of resource.list('attributes')) {
    const name = node.text('name')
    if (name === undefined) throw node.fault('name', node.read('name'), 'a text')
    const type = node.choice('type', TYPES)
    const value = node.read('value')
    if (!fits(value, type)) {
      const what =
        type === undefined ? 'a text, a number, true, false, or a list of one of them' : type
      throw node.fault('value', value, what)
    }
    attributes[name] = value
  }
  return attributes
}

const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === 'number',
}

function fits(value: unknown, type: string | undefined): value is AttributeValue {
  if (type === undefined) {
    const items = Array.isArray(value) ? value : [value]
    return items.every((item) => /^(string|number|boolean)$/.test(typeof item))
  }
  const check = CHECKS[type.replace('_array', '')]
  if (check === undefined) return false
  return type.endsWith('_array') ? Array.isArray(value) && value.every(check) : check(value)
}
