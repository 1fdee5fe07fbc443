import { createDatabaseTracer, type DatabaseCall, type DatabaseTracer } from '@callchain/core'
import { guard } from '@callchain/core/internal'
import { createEndCall, type EndCall } from './driver/end-call.ts'
import { type CommandOptions, checkCommandOptions } from './driver/options.ts'
import { callInRootContext } from './driver/root-context.ts'
import { isTraced, markTraced } from './driver/traced.ts'
import { serverAt, serverOf } from './mongodb/address.ts'
import { describeCommand, refusalIn } from './mongodb/command.ts'
import type { MongoEvent, MonitoredClient } from './mongodb/types.ts'
import { type UnsentCommand, watchConnecting } from './mongodb/waiting.ts'

/** Options of `traceMongo()`: commands have no parameters to capture. */
export type TraceMongoOptions = CommandOptions

/** What `traceMongo()` takes: a MongoClient of the driver mongodb 6.4+ or 7, with `monitorCommands`. */
export interface MongoTarget {
  db(...args: never[]): unknown
  on(...args: never[]): unknown
}

/**
 * Traces a MongoClient through the events of the driver and returns it: each command becomes a
 * CLIENT span under the request that sent it, after OpenTelemetry's conventions for MongoDB, with
 * the operation and the collection, but without the command itself. How long it waited for its
 * connection, in milliseconds, is in `callchain.db.pool_wait`; a command that never got a connection
 * has a failed span. The driver's own commands (`hello`, `ping`, `endSessions`, authentication) have
 * no span. Tracing twice changes nothing. Throws a TypeError for a client without
 * `monitorCommands: true`, for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceMongo } from '@callchain/databases/mongodb'
 * import { MongoClient } from 'mongodb'
 *
 * const client = traceMongo(new MongoClient('mongodb://localhost', { monitorCommands: true }))
 *
 * const order = await client.db('shop').collection('orders').findOne({ tenant: 'acme' })
 * ```
 */
export function traceMongo<T extends MongoTarget>(target: T, options: TraceMongoOptions = {}): T {
  checkCommandOptions(options)
  const { db, on } = (target ?? {}) as Partial<MongoTarget>
  if (typeof db !== 'function' || typeof on !== 'function') {
    throw new TypeError('callchain: traceMongo() takes a MongoClient of mongodb')
  }
  const client = target as unknown as MonitoredClient
  if (client.monitorCommands !== true) {
    throw new TypeError(
      'callchain: traceMongo() needs a client that reports its commands: new MongoClient(url, { monitorCommands: true })',
    )
  }
  if (isTraced(target)) return target
  markTraced(target)
  // Its heartbeats go on as long as the client lives.
  callInRootContext(client, 'connect')
  listen(client, options)
  return target
}

function listen(client: MonitoredClient, options: TraceMongoOptions): void {
  const tracer = createDatabaseTracer(options)
  const calls = new Map<number, DatabaseCall>()
  const end = createEndCall('mongodb', options)
  const waitOf = followConnecting(client, tracer, end)
  const finish = (requestId: number, error: unknown): void => {
    const call = calls.get(requestId)
    calls.delete(requestId)
    if (call !== undefined) end(call, error)
  }
  client.on(
    'commandStarted',
    guarded((event: MongoEvent) => {
      const call = start(event, client, tracer)
      if (call === undefined) return
      const wait = waitOf(event)
      if (wait !== undefined) call.waited(wait)
      calls.set(event.requestId, call)
    }),
  )
  client.on(
    'commandSucceeded',
    guarded(({ requestId, reply }: MongoEvent) => {
      if (calls.has(requestId)) finish(requestId, refusalIn(reply))
    }),
  )
  client.on(
    'commandFailed',
    guarded(({ requestId, failure }: MongoEvent) =>
      finish(requestId, failure ?? new Error('failed without a reason')),
    ),
  )
}

/** Makes spans of commands that never get a connection. Returns how long another waited for its own. */
function followConnecting(
  client: MonitoredClient,
  tracer: DatabaseTracer,
  end: EndCall,
): (event: MongoEvent) => number | undefined {
  const waits = new Map<string, number>()
  client.on(
    'connectionClosed',
    guarded(({ address, connectionId }: MongoEvent) => {
      waits.delete(connectionOf(address, connectionId))
    }),
  )
  watchConnecting(client, {
    isActive: tracer.isActive,
    lent: ({ address, id }, milliseconds) => waits.set(connectionOf(address, id), milliseconds),
    failed: guarded(({ operation, address, startedAt, error }: UnsentCommand) => {
      const server = address === undefined ? serverOf(client) : serverAt(address, client)
      const call = tracer.send({ system: 'mongodb', operation, ...server, startedAt })
      call.waited(performance.now() - startedAt)
      end(call, error ?? new Error('failed without a reason'))
    }),
  })
  return ({ address, connectionId }) => {
    const connection = connectionOf(address, connectionId)
    const wait = waits.get(connection)
    waits.delete(connection)
    return wait
  }
}

function connectionOf(address: unknown, id: unknown): string {
  return `${address} ${id}`
}

// An error of a listener would reach the driver.
function guarded<T>(listener: (event: T) => void): (event: T) => void {
  return (event) => guard('tracing a command of mongodb', () => listener(event))
}

function start(
  event: MongoEvent,
  client: MonitoredClient,
  tracer: DatabaseTracer,
): DatabaseCall | undefined {
  if (!tracer.isActive()) return undefined
  const query = describeCommand(event)
  return query && tracer.send({ ...query, ...serverAt(event.address, client) })
}
