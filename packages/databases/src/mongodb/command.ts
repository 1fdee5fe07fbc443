import type { DatabaseStatement } from '@callchain/core'

/** A command as the driver reports it. */
export interface MongoCommand {
  /** `host:port`, or the path of a socket. */
  readonly address: string
  readonly commandName: string
  readonly databaseName: string
  readonly command: Readonly<Record<string, unknown>>
}

const OWN_COMMANDS = new Set(
  'hello ismaster ping endsessions authenticate saslstart saslcontinue getnonce handshake'.split(
    ' ',
  ),
)

/** Whether the driver sends a command for itself, not for the application. */
export function isOwnCommand(name: string): boolean {
  return OWN_COMMANDS.has(name.toLowerCase())
}

/** Commands whose value is the name of a collection; the value of others may be a user's data. */
const ON_COLLECTION = new Set(
  `aggregate collMod collStats compact convertToCapped count create createIndexes createSearchIndexes
  delete distinct drop dropIndexes dropSearchIndex find findAndModify findandmodify insert killCursors
  listIndexes listSearchIndexes mapReduce planCacheClear planCacheClearFilters
  planCacheListFilters planCacheSetFilter reIndex update updateSearchIndex validate`.split(/\s+/),
)

/** The field of a command that lists its single operations. */
const BATCHES: Readonly<Record<string, string>> = {
  insert: 'documents',
  update: 'updates',
  delete: 'deletes',
  bulkWrite: 'ops',
}

/** What the span of a command shows; `undefined` for the driver's own commands. */
export function describeCommand(event: MongoCommand): DatabaseStatement | undefined {
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
  // The cursor of a list, or of a bulk write's results, does not belong to a collection.
  const isOne = typeof collection === 'string' && !collection.startsWith('$cmd')
  return isOne ? collection : undefined
}

// A bulk write of a client is sent to `admin`, whatever it writes to.
function onlyTarget(
  targets: unknown,
): Pick<DatabaseStatement, 'namespace' | 'collection'> | undefined {
  const [first, ...others] = listed(targets)
  const { ns } = (first ?? {}) as { ns?: unknown }
  if (typeof ns !== 'string' || others.length > 0) return undefined
  const dot = ns.indexOf('.')
  return { namespace: ns.slice(0, dot), collection: ns.slice(dot + 1) }
}

/** What a server's reply may hold. */
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

/** The first write that a server refused in a reply that otherwise succeeded. */
export function refusalIn(reply: unknown): { name: string; code: unknown } | undefined {
  const { writeErrors, writeConcernError, cursor } = (reply ?? {}) as Reply
  const refusal = [...listed(writeErrors), writeConcernError, ...refusedInBulk(cursor)].find(
    (each) => typeof each === 'object' && each !== null,
  )
  if (refusal === undefined) return undefined
  return { name: 'MongoServerError', code: (refusal as Reply).code }
}

// The results of the single writes; in any other cursor they would be documents.
function refusedInBulk(cursor: Reply['cursor']): Reply[] {
  if (!String(cursor?.ns).endsWith('.$cmd.bulkWrite')) return []
  const results = [...listed(cursor?.firstBatch), ...listed(cursor?.nextBatch)] as Reply[]
  return results.filter(({ ok }) => ok === 0)
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
