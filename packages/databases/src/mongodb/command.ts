import type { Query } from '@callchain/core'

/** A command as the driver reports it. */
export interface MongoCommand {
  /** `host:port`, or the path of a socket. */
  readonly address: string
  readonly commandName: string
  readonly databaseName: string
  readonly command: Readonly<Record<string, unknown>>
}

/** What the driver says for its own sake. */
const OWN = new Set(
  'hello ismaster ping endsessions authenticate saslstart saslcontinue getnonce handshake'.split(
    ' ',
  ),
)

/** Whether the driver says a command for its own sake. */
export function isOwnCommand(name: string): boolean {
  return OWN.has(name.toLowerCase())
}

/** Commands whose value is the name of a collection; that of others may be a user's. */
const ON_COLLECTION = new Set(
  `aggregate collMod collStats compact convertToCapped count create createIndexes createSearchIndexes
  delete distinct drop dropIndexes dropSearchIndex find findAndModify findandmodify insert killCursors
  listIndexes listSearchIndexes mapReduce planCacheClear planCacheClearFilters
  planCacheListFilters planCacheSetFilter reIndex update updateSearchIndex validate`.split(/\s+/),
)

/** Where a command keeps the list of what it does. */
const BATCHES: Readonly<Record<string, string>> = {
  insert: 'documents',
  update: 'updates',
  delete: 'deletes',
  bulkWrite: 'ops',
}

/** What the span of a command says; `undefined` for what the driver says for its own sake. */
export function describeCommand(event: MongoCommand): Query | undefined {
  const { commandName, databaseName, command } = event
  if (isOwnCommand(commandName)) return undefined
  const batch = command[BATCHES[commandName] ?? '']
  return {
    system: 'mongodb',
    operation: commandName,
    collection: collectionOf(commandName, command),
    namespace: databaseName,
    ...(commandName === 'bulkWrite' ? onlyTarget(command.nsInfo) : undefined),
    batchSize: Array.isArray(batch) ? batch.length : undefined,
  }
}

function collectionOf(name: string, command: MongoCommand['command']): string | undefined {
  const target = ON_COLLECTION.has(name) ? command[name] : undefined
  const collection = name === 'getMore' ? command.collection : target
  // The pages of a list, or of what a bulk write came to, are of no collection.
  const isOne = typeof collection === 'string' && !collection.startsWith('$cmd')
  return isOne ? collection : undefined
}

// A bulk write of the client's goes to `admin`, whatever it writes to.
function onlyTarget(targets: unknown): Pick<Query, 'namespace' | 'collection'> | undefined {
  const [first, ...others] = listed(targets)
  const { ns } = (first ?? {}) as { ns?: unknown }
  if (typeof ns !== 'string' || others.length > 0) return undefined
  const dot = ns.indexOf('.')
  return { namespace: ns.slice(0, dot), collection: ns.slice(dot + 1) }
}

/** What a server says of itself in an answer. */
interface Reply {
  readonly ok?: unknown
  readonly code?: unknown
  readonly writeErrors?: unknown
  readonly writeConcernError?: unknown
  readonly cursor?: {
    readonly ns?: unknown
    readonly firstBatch?: unknown
    readonly nextBatch?: unknown
  }
}

/** The first write that a server refused in an answer that is otherwise fine. */
export function refusalIn(reply: unknown): { name: string; code: unknown } | undefined {
  const { writeErrors, writeConcernError, cursor } = (reply ?? {}) as Reply
  const refusal = [...listed(writeErrors), writeConcernError, ...refusedInBulk(cursor)].find(
    (each) => typeof each === 'object' && each !== null,
  )
  if (refusal === undefined) return undefined
  return { name: 'MongoServerError', code: (refusal as Reply).code }
}

// What each write of a bulk came to; in any other cursor the same would be a document.
function refusedInBulk(cursor: Reply['cursor']): Reply[] {
  if (!String(cursor?.ns).endsWith('.$cmd.bulkWrite')) return []
  const results = [...listed(cursor?.firstBatch), ...listed(cursor?.nextBatch)] as Reply[]
  return results.filter(({ ok }) => ok === 0)
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
