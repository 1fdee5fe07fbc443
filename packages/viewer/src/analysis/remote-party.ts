import { firstAttribute, textOf } from '../model/attributes.ts'
import {
  DB_NAME,
  DB_SYSTEM,
  DESTINATION,
  MESSAGING_SYSTEM,
  PEER,
  PEER_PORT,
} from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'
import { quoteValue } from '../query/parse-query.ts'
import { spanType } from './span-type.ts'

/** Something on the map that sends no spans itself. */
export interface RemoteParty {
  readonly id: string
  readonly type: 'database' | 'messaging' | 'external'
  readonly name: string
  readonly system: string | undefined
  /** The query for the spans that go there; made when it is needed, since few of many spans need it. */
  readonly q: () => string
}

/** The database that a statement went to. */
export function databaseOf(span: SpanRow): RemoteParty {
  const system = textOf(firstAttribute(span, DB_SYSTEM)) || 'database'
  const database = textOf(firstAttribute(span, DB_NAME))
  const host = textOf(firstAttribute(span, PEER))
  const name = database || host || system
  return {
    id: `database:${system}/${name}`,
    type: 'database',
    name,
    system,
    q: () => joined(`db=${quoteValue(system)}`, span, database ? DB_NAME : host ? PEER : []),
  }
}

/** The queue or topic that a message goes through; undefined when the span does not say. */
export function destinationOf(span: SpanRow): RemoteParty | undefined {
  if (spanType(span) !== 'messaging') return undefined
  const name = textOf(firstAttribute(span, DESTINATION))
  if (name === '') return undefined
  const system = textOf(firstAttribute(span, MESSAGING_SYSTEM)) || 'messaging'
  const id = `messaging:${system}/${name}`
  return { id, type: 'messaging', name, system, q: () => joined('', span, DESTINATION) }
}

/** The host that a call went to; undefined when the span does not say. */
export function hostOf(span: SpanRow): RemoteParty | undefined {
  const host = textOf(firstAttribute(span, PEER))
  if (host === '') return undefined
  const port = textOf(firstAttribute(span, PEER_PORT))
  const isUsual = port === '' || port === '80' || port === '443' || host.includes(':')
  const name = isUsual ? host : `${host}:${port}`
  return {
    id: `external:${name}`,
    type: 'external',
    name,
    system: undefined,
    q: () => joined('', span, PEER),
  }
}

function joined(q: string, span: SpanRow, keys: readonly string[]): string {
  const key = keys.find((each) => span.shape.positions.has(each))
  if (key === undefined) return q
  return `${q} ${key}=${quoteValue(textOf(firstAttribute(span, [key])))}`.trim()
}
