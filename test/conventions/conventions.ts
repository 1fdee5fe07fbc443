import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { CheckedSpan } from './checked-span.ts'
import { faultsOfKind } from './rules-of-kinds.ts'

interface Table {
  readonly version: string
  /** The type of each attribute, by its name. */
  readonly attributes: Readonly<Record<string, string>>
  readonly deprecated: readonly string[]
}

const file = join(__dirname, 'attributes.json')
const table = JSON.parse(readFileSync(file, 'utf8')) as Table

/** The version of OpenTelemetry's semantic conventions that spans are held to. */
export const CONVENTIONS_VERSION = table.version

/** What is ours, by its first word, and has no convention. */
const OWN = /^(callchain|tenant|order|app)\./

const types = table.attributes
const deprecated: ReadonlySet<string> = new Set(table.deprecated)
const templates = Object.entries(types).flatMap(([name, type]) => {
  const of = /^template\[(.+)\]$/.exec(type)?.[1]
  return of === undefined ? [] : [[`${name}.`, of] as const]
})
const namespaces = new Set(Object.keys(types).map((name) => name.split('.')[0]))

/** What of a span is not as the conventions have it, in a sentence each. */
export function faultsOf(span: CheckedSpan): string[] {
  const own = Object.entries(span.attributes).flatMap(([name, value]) => faultsOfValue(name, value))
  return [...own, ...faultsOfStatus(span), ...faultsOfKind(span)].map(
    (fault) => `${SpanKind[span.kind]} "${span.name}": ${fault}`,
  )
}

function faultsOfValue(name: string, value: unknown): string[] {
  if (deprecated.has(name)) return [`${name} is deprecated`]
  const type = types[name] ?? templates.find(([prefix]) => name.startsWith(prefix))?.[1]
  if (type === undefined) {
    const isConvention = namespaces.has(name.split('.')[0] ?? '')
    return OWN.test(name) || !isConvention ? [] : [`${name} is in no convention`]
  }
  return isOf(type, value) ? [] : [`${name} is ${JSON.stringify(value)}, and not of type ${type}`]
}

function isOf(type: string, value: unknown): boolean {
  if (type.endsWith('[]')) {
    return Array.isArray(value) && value.every((each) => isOf(type.slice(0, -2), each))
  }
  if (type === 'int') return Number.isInteger(value)
  if (type === 'double') return typeof value === 'number'
  return type === 'any' || typeof value === type
}

/** "If the request has completed successfully, instrumentations SHOULD NOT set error.type." */
function faultsOfStatus({ attributes, status }: CheckedSpan): string[] {
  const hasFailed = status.code === SpanStatusCode.ERROR
  const type = attributes['error.type']
  if (hasFailed && type === undefined) return ['it has failed, and there is no error.type']
  if (!hasFailed && type !== undefined) return [`error.type is ${type}, and it has not failed`]
  return []
}
