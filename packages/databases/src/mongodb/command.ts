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
  'hello ismaster ping endsessions authenticate saslstart saslcontinue getnonce'.split(' '),
)

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
}

/** What the span of a command says; `undefined` for what the driver says for its own sake. */
export function describeCommand(event: MongoCommand): Query | undefined {
  const { address, commandName, databaseName, command } = event
  if (OWN.has(commandName.toLowerCase())) return undefined
  const target = ON_COLLECTION.has(commandName) ? command[commandName] : undefined
  const collection = commandName === 'getMore' ? command.collection : target
  const batch = command[BATCHES[commandName] ?? '']
  const colon = address.lastIndexOf(':')
  const isSocket = address.startsWith('/') || colon === -1
  return {
    system: 'mongodb',
    operation: commandName,
    collection: typeof collection === 'string' ? collection : undefined,
    namespace: databaseName,
    serverAddress: isSocket ? address : address.slice(0, colon).replace(/^\[|\]$/g, ''),
    serverPort: isSocket ? undefined : Number(address.slice(colon + 1)),
    batchSize: Array.isArray(batch) ? batch.length : undefined,
  }
}

/** The first write that a server refused in an answer that is otherwise fine. */
export function refusalIn(reply: unknown): { name: string; code: unknown } | undefined {
  const { writeErrors, writeConcernError } = (reply ?? {}) as {
    writeErrors?: unknown
    writeConcernError?: unknown
  }
  const refusal: unknown = Array.isArray(writeErrors) ? writeErrors[0] : writeConcernError
  if (typeof refusal !== 'object' || refusal === null) return undefined
  return { name: 'MongoServerError', code: (refusal as { code?: unknown }).code }
}
