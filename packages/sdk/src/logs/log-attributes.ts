import { identityAttribute } from '@callchain/core/internal'
import type { LogLimits } from '../config/log-limits.ts'

/** A logger's line as data. */
export type Fields = Readonly<Record<string, unknown>>

// Said by the record itself, by its resource, or by nothing that anybody asks for.
const KNOWN: ReadonlySet<string> = new Set(
  'level time timestamp msg message trace_id span_id trace_flags pid hostname v'.split(' '),
)
/** Where loggers put the error that a line is about. */
const ERROR_FIELDS = ['err', 'error', 'exception']

/**
 * The attributes of a log record, by the names of the conventions: an identity field has that of spans
 * (`tenant.id` for `tenant_id`), and of an error there are `exception.type`, `exception.message` and
 * `exception.stacktrace` (Semantic conventions, "Exceptions in logs"). All else is called as in the line.
 */
export function logAttributes(fields: Fields): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!KNOWN.has(name)) attributes[identityAttribute(name) ?? name] = value
  }
  const field = ERROR_FIELDS.find((name) => isError(attributes[name]))
  if (field !== undefined) moveError(attributes, field)
  // Winston's format for errors puts what an error has into the line.
  else if (typeof fields.stack === 'string') {
    delete attributes.stack
    Object.assign(attributes, exceptionOf({ ...fields, message: fields.message ?? fields.msg }))
  }
  return attributes
}

function moveError(attributes: Record<string, unknown>, field: string): void {
  const { type, name, message, stack, ...rest } = attributes[field] as Fields
  Object.assign(attributes, exceptionOf({ type: type ?? name, message, stack }))
  if (Object.keys(rest).length > 0) attributes[field] = rest
  else delete attributes[field]
}

function exceptionOf({ type, message, stack }: Fields): Fields {
  const said = {
    'exception.type': type ?? /^\w{1,100}(?=: |\n)/.exec(String(stack))?.[0],
    'exception.message': message,
    'exception.stacktrace': stack,
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => typeof value === 'string'))
}

function isError(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (!('stack' in value)) return 'message' in value && ('type' in value || 'name' in value)
  return 'message' in value || 'type' in value || 'name' in value
}

/** The attributes within the limits, texts cut, and how many were left out. */
export function limitAttributes(
  attributes: Fields,
  { attributeCount, valueLength }: LogLimits,
): { attributes: Record<string, unknown>; dropped: number } {
  const entries = Object.entries(attributes)
  const kept = entries
    .slice(0, attributeCount)
    .map(([name, value]) => [name, cut(value, valueLength)] as const)
  return { attributes: Object.fromEntries(kept), dropped: entries.length - kept.length }
}

function cut(value: unknown, length: number): unknown {
  if (typeof value === 'string') return value.length > length ? value.slice(0, length) : value
  if (length === Number.POSITIVE_INFINITY || typeof value !== 'object' || value === null) {
    return value
  }
  if (Array.isArray(value)) return value.map((item) => cut(item, length))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cut(item, length)]))
}
