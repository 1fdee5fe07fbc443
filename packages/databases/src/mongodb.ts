import { createQueryTracer, type QueryCall, type QueryTracer } from '@callchain/core'
import { diag } from '@opentelemetry/api'
import { type CommandOptions, checkCommandOptions } from './driver/options.ts'
import { callOutside } from './driver/root-context.ts'
import { statusCodeOf } from './driver/status-code.ts'
import { isTraced, markTraced } from './driver/traced.ts'
import { serverAt, serverOf } from './mongodb/address.ts'
import { describeCommand, refusalIn } from './mongodb/command.ts'
import type { MongoEvent, MonitoredClient } from './mongodb/types.ts'
import { type WayFailure, watchWay } from './mongodb/waiting.ts'

/** Options of `traceMongo()`: commands have no parameters to capture. */
export type TraceMongoOptions = CommandOptions

/** What `traceMongo()` takes: a MongoClient of the driver mongodb 6.4+ or 7, with `monitorCommands`. */
export interface MongoTarget {
  db(...args: never[]): unknown
  on(...args: never[]): unknown
}

/**
 * Traces a MongoClient through the events of the driver and returns it: each command becomes a
 * CLIENT span under the request that sent it, after OpenTelemetry's conventions for MongoDB, which
 * say the operation and the collection, and not the command itself. How long it waited for its
 * connection, in milliseconds, is in `callchain.db.pool_wait`; one that never got a connection has a
 * failed span all the same. What the driver does for its own sake (`hello`, `ping`, `endSessions`,
 * authentication) makes none. Tracing twice changes nothing. Throws a TypeError for a client without
 * `monitorCommands: true`, for something else, or for an option that is not allowed.
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
  // Its heartbeats go on for as long as it lives.
  callOutside(client, 'connect')
  listen(client, options)
  return target
}

function listen(client: MonitoredClient, options: TraceMongoOptions): void {
  const tracer = createQueryTracer(options)
  const calls = new Map<number, QueryCall>()
  const waitOf = followWay(client, tracer, options)
  const finish = (requestId: number, error: unknown): void => {
    const call = calls.get(requestId)
    calls.delete(requestId)
    if (call !== undefined) end(call, error, options)
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
      finish(requestId, failure ?? new Error('no reason given')),
    ),
  )
}

/** Makes spans of what never gets a connection. Gives back how long a command waited for its own. */
function followWay(
  client: MonitoredClient,
  tracer: QueryTracer,
  options: TraceMongoOptions,
): (event: MongoEvent) => number | undefined {
  const waits = new Map<string, number>()
  client.on(
    'connectionClosed',
    guarded(({ address, connectionId }: MongoEvent) => {
      waits.delete(connectionOf(address, connectionId))
    }),
  )
  watchWay(client, {
    isActive: tracer.isActive,
    lent: ({ address, id }, milliseconds) => waits.set(connectionOf(address, id), milliseconds),
    failed: guarded(({ operation, address, startedAt, error }: WayFailure) => {
      const server = address === undefined ? serverOf(client) : serverAt(address, client)
      const call = tracer.send({ system: 'mongodb', operation, ...server, startedAt })
      call.waited(performance.now() - startedAt)
      end(call, error, options)
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

// What a listener throws would reach the driver.
function guarded<T>(listener: (event: T) => void): (event: T) => void {
  return (event) => {
    try {
      listener(event)
    } catch (error) {
      diag.error('callchain: a command of mongodb could not be traced', error)
    }
  }
}

function start(
  event: MongoEvent,
  client: MonitoredClient,
  tracer: QueryTracer,
): QueryCall | undefined {
  if (!tracer.isActive()) return undefined
  const query = describeCommand(event)
  return query && tracer.send({ ...query, ...serverAt(event.address, client) })
}

function end(call: QueryCall, error: unknown, { errorMessages }: TraceMongoOptions): void {
  const isFailed = error !== undefined
  call.receive({
    error,
    statusCode: isFailed ? statusCodeOf('mongodb', error) : undefined,
    shownError: errorMessages && error instanceof Error ? error : undefined,
  })
}
