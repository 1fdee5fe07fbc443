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
  const target = commandName === 'getMore' ? command.collection : command[commandName]
  const batch = command[BATCHES[commandName] ?? '']
  const colon = address.lastIndexOf(':')
  const isSocket = address.startsWith('/') || colon === -1
  return {
    system: 'mongodb',
    operation: commandName,
    collection: typeof target === 'string' ? target : undefined,
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
