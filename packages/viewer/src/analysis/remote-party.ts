import { type AttributeValue, firstAttribute, textOf } from '../model/attributes.ts'
import {
  DB_NAME,
  DB_SYSTEM,
  DESTINATION,
  MESSAGING_SYSTEM,
  PEER,
  PEER_PORT,
} from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'
import type { Shape } from '../model/shape.ts'
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

/** Finds the parties that spans go to; many spans go to few, and each of those is made once. */
export interface Parties {
  /** The database that a statement went to. */
  readonly database: (span: SpanRow) => RemoteParty | undefined
  /** The queue or topic that a message goes through; undefined when the span does not say. */
  readonly destination: (span: SpanRow) => RemoteParty | undefined
  /** The host that a call went to; undefined when the span does not say. */
  readonly host: (span: SpanRow) => RemoteParty | undefined
}

/** Begins to remember parties. */
export function createParties(): Parties {
  return {
    database: remembering([...DB_SYSTEM, ...DB_NAME, ...PEER], databaseOf),
    destination: remembering([...MESSAGING_SYSTEM, ...DESTINATION], destinationOf),
    host: remembering([...PEER, ...PEER_PORT], hostOf),
  }
}

interface Known {
  readonly places: readonly number[]
  readonly parties: { values: readonly AttributeValue[]; party: RemoteParty | undefined }[]
}

const MAX_KNOWN = 8

/** Makes the party anew only when one of these attributes is another than those seen before. */
function remembering(
  keys: readonly string[],
  make: (span: SpanRow) => RemoteParty | undefined,
): (span: SpanRow) => RemoteParty | undefined {
  const byShape = new Map<Shape, Known>()
  return (span) => {
    let known = byShape.get(span.shape)
    if (known === undefined) {
      const { positions } = span.shape
      known = { places: keys.flatMap((key) => positions.get(key) ?? []), parties: [] }
      byShape.set(span.shape, known)
    }
    for (const { values, party } of known.parties)
      if (known.places.every((place) => values[place] === span.values[place])) return party
    const party = make(span)
    if (known.parties.length < MAX_KNOWN) known.parties.push({ values: span.values, party })
    return party
  }
}

function databaseOf(span: SpanRow): RemoteParty {
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

function destinationOf(span: SpanRow): RemoteParty | undefined {
  if (spanType(span) !== 'messaging') return undefined
  const name = textOf(firstAttribute(span, DESTINATION))
  if (name === '') return undefined
  const system = textOf(firstAttribute(span, MESSAGING_SYSTEM)) || 'messaging'
  const id = `messaging:${system}/${name}`
  return { id, type: 'messaging', name, system, q: () => joined('', span, DESTINATION) }
}

function hostOf(span: SpanRow): RemoteParty | undefined {
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
