import type { SpanType } from '../contract/span-words.ts'
import { firstAttribute, textOf } from '../model/attributes.ts'
import {
  DB_COLLECTION,
  DB_OPERATION,
  DB_SYSTEM,
  DESTINATION,
  MESSAGING_SYSTEM,
  METHOD,
  ROUTE,
  RPC_SYSTEM,
  STATEMENT,
  URL_KEYS,
} from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'
import type { Shape } from '../model/shape.ts'

const TYPE_KEYS: readonly (readonly [SpanType, readonly string[]])[] = [
  ['db', [...DB_SYSTEM, ...STATEMENT]],
  ['messaging', MESSAGING_SYSTEM],
  ['rpc', RPC_SYSTEM],
  ['http', [...METHOD, ...ROUTE]],
]

const types = new WeakMap<Shape, SpanType>()

/** What the span is about, by the keys of its attributes. */
export function spanType(span: SpanRow): SpanType {
  const known = types.get(span.shape)
  if (known !== undefined) return known
  const { positions } = span.shape
  const found = TYPE_KEYS.find(([, keys]) => keys.some((key) => positions.has(key)))
  const type = found?.[0] ?? 'other'
  types.set(span.shape, type)
  return type
}

/** The text of the statement that the span ran; '' when it ran none, or does not say. */
export function statementOf(span: SpanRow): string {
  return textOf(firstAttribute(span, STATEMENT))
}

/** One short line that says more than the name: the statement's operation and table, the URL, the queue. */
export function summaryOf(span: SpanRow): string {
  const type = spanType(span)
  if (type === 'db') return databaseSummary(span)
  if (type === 'messaging') return textOf(firstAttribute(span, DESTINATION))
  if (type === 'http')
    return textOf(firstAttribute(span, URL_KEYS)) || textOf(firstAttribute(span, ROUTE))
  return ''
}

function databaseSummary(span: SpanRow): string {
  const operation = textOf(firstAttribute(span, DB_OPERATION))
  const collection = textOf(firstAttribute(span, DB_COLLECTION))
  if (operation !== '' || collection !== '') return `${operation} ${collection}`.trim()
  const statement = statementOf(span).slice(0, 2000)
  const verb = /^\s*(\w+)/.exec(statement)?.[1] ?? ''
  const table = /\b(?:from|into|update|table|join)\s+["'`[]?([\w.]+)/i.exec(statement)?.[1] ?? ''
  return `${verb} ${table}`.trim()
}
