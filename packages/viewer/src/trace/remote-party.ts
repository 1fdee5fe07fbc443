import type { AttributeValue } from '../model/attribute-value.ts'
import { firstAttribute, textOf } from '../model/attributes.ts'
import {
  DB_NAME,
  DB_SYSTEM,
  DESTINATION,
  DESTINATION_TEMPLATE,
  DESTINATION_TEMPORARY,
  MESSAGING_SYSTEM,
  PEER,
  PEER_PORT,
  ROUTING_KEY,
  URL_KEYS,
} from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'
import type { Shape } from '../model/shape.ts'
import { messageSystem, destinationOf as nameOfDestination } from './destination.ts'
import { addressText, placeOf, withoutUsualPort } from './remote-place.ts'
import { spanType } from './span-type.ts'

/** Something on the map that sends no spans itself. */
export interface RemoteParty {
  /** What its node and its query are told apart by, both. */
  readonly id: string
  readonly type: 'database' | 'messaging' | 'external'
  readonly name: string
  readonly system: string | undefined
  /** Where it is, `host:port` or a socket's path, when that is not its name. */
  readonly host: string | undefined
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
    database: remembering([...DB_SYSTEM, ...DB_NAME, ...PEER, ...PEER_PORT], databaseOf),
    destination: remembering(OF_DESTINATION, destinationOf),
    host: rememberingHosts(),
  }
}

interface Known {
  readonly places: readonly number[]
  readonly parties: { values: readonly AttributeValue[]; party: RemoteParty | undefined }[]
}

const MAX_KNOWN = 8

const OF_DESTINATION: readonly string[] = [
  ...MESSAGING_SYSTEM,
  ...DESTINATION_TEMPLATE,
  ...DESTINATION_TEMPORARY,
  ...DESTINATION,
  ...ROUTING_KEY,
]

/** Makes the party again only when one of these attributes is another than those seen before. */
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

/** The URL is another for each call: it is looked at only where nothing else says the host. */
function rememberingHosts(): (span: SpanRow) => RemoteParty | undefined {
  const byAddress = remembering([...PEER, ...PEER_PORT], hostOf)
  const byUrl = remembering(URL_KEYS, hostOf)
  return (span) =>
    PEER.some((key) => span.shape.positions.has(key)) ? byAddress(span) : byUrl(span)
}

/** Databases of one name on two servers are two. */
function databaseOf(span: SpanRow): RemoteParty {
  const system = textOf(firstAttribute(span, DB_SYSTEM)) || 'database'
  const database = textOf(firstAttribute(span, DB_NAME))
  const place = placeOf(span, false)
  const where = place && addressText(withoutUsualPort(place, system))
  const name = database || where || system
  return {
    id: ['database:', system, '/', ...(where && database ? [where, '/'] : []), name].join(''),
    type: 'database',
    name,
    system,
    host: database ? where : undefined,
  }
}

function destinationOf(span: SpanRow): RemoteParty | undefined {
  if (spanType(span) !== 'messaging') return undefined
  const name = nameOfDestination(span)
  if (name === '') return undefined
  const system = messageSystem(span)
  return { id: `messaging:${system}/${name}`, type: 'messaging', name, system, host: undefined }
}

function hostOf(span: SpanRow): RemoteParty | undefined {
  const place = placeOf(span, true)
  if (place === undefined) return undefined
  const name = addressText(withoutUsualPort(place, 'http'))
  return { id: `external:${name}`, type: 'external', name, system: undefined, host: undefined }
}
