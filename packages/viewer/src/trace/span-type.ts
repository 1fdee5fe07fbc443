import type { SpanType } from '../contract/span-words.ts'
import { firstAttribute, textOf } from '../model/attributes.ts'
import {
  DB_COLLECTION,
  DB_OPERATION,
  DB_SUMMARY,
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
import { destinationOf } from './destination.ts'

const TYPE_KEYS: readonly (readonly [SpanType, readonly string[]])[] = [
  ['db', [...DB_SYSTEM, ...STATEMENT]],
  ['messaging', [...MESSAGING_SYSTEM, ...DESTINATION]],
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

// What drivers do with a connection, which some name as others name a statement or its operation.
const OF_CONNECTION =
  /^(?:(?:re|dis)?connect(?:ion)?|ping|close|quit|acquire|release|checkout|checkin|reset[ _-]?(?:session|connection)?|prepare)$/i

/**
 * True for a span that ran a statement: one that says its text, its operation or its summary. What a
 * driver does besides, such as to connect, to wait for its pool or to reset a session, does not count.
 */
export function isStatement(span: SpanRow): boolean {
  if (spanType(span) !== 'db') return false
  const said =
    statementOf(span) ||
    textOf(firstAttribute(span, DB_OPERATION)) ||
    textOf(firstAttribute(span, DB_SUMMARY)) ||
    textOf(firstAttribute(span, DB_COLLECTION))
  return said !== '' && !OF_CONNECTION.test(said.trim())
}

/** What a statement is told apart by: its text, else its operation and what it is run on, else its summary. */
export function statementKeyOf(span: SpanRow): string {
  const text = statementOf(span)
  if (text !== '') return text
  const on = [DB_OPERATION, DB_COLLECTION].map((keys) => textOf(firstAttribute(span, keys)))
  return on.join(' ').trim() || textOf(firstAttribute(span, DB_SUMMARY))
}

const OF_TRANSACTION =
  /^\s*(?:begin|start\s+transaction|commit|rollback|savepoint|release|end|abort|set|reset|discard)\b/i
const OF_PIPELINE = /^\s*(?:multi|exec|discard|watch|unwatch|select)\b/i
// Their SET is a statement like any other.
const WITHOUT_SQL = /redis|valkey|memcached|keydb|dragonfly/i

/**
 * True for a statement that only begins, ends or sets up a session or a transaction: each needs its own,
 * so many of them are not one that could have been asked once.
 */
export function isOfSession(span: SpanRow): boolean {
  const isPlain = WITHOUT_SQL.test(textOf(firstAttribute(span, DB_SYSTEM)))
  return (isPlain ? OF_PIPELINE : OF_TRANSACTION).test(statementKeyOf(span))
}

/** One short line that says more than the name: the statement's operation and table, the URL, the queue. */
export function summaryOf(span: SpanRow): string {
  const type = spanType(span)
  if (type === 'db') return databaseSummary(span)
  if (type === 'messaging') return destinationOf(span)
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
