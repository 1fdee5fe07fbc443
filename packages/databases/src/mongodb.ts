import { createQueryTracer, type QueryCall, type QueryTracer } from '@callchain/core'
import { diag } from '@opentelemetry/api'
import type { Method } from './method.ts'
import { describeCommand, type MongoCommand, refusalIn } from './mongodb/command.ts'
import { type CommandOptions, checkCommandOptions } from './options.ts'
import { callOutside } from './outside.ts'
import { statusCodeOf } from './status-code.ts'
import { isTraced, markTraced } from './traced.ts'

/** Options of `traceMongo()`: commands have no parameters to capture. */
export type TraceMongoOptions = CommandOptions

/** What `traceMongo()` takes: a MongoClient of the driver mongodb 6.4+ or 7, with `monitorCommands`. */
export interface MongoTarget {
  db(...args: never[]): unknown
  on(...args: never[]): unknown
}

interface MonitoredClient {
  readonly monitorCommands?: unknown
  connect: Method
  on(event: string, listener: (event: MongoEvent) => void): unknown
}

interface MongoEvent extends MongoCommand {
  readonly requestId: number
  readonly reply?: unknown
  readonly failure?: unknown
}

/**
 * Traces a MongoClient through the events of the driver and returns it: each command becomes a
 * CLIENT span under the request that sent it, after OpenTelemetry's conventions for MongoDB, which
 * say the operation and the collection, and not the command itself. What the driver does for its own
 * sake (`hello`, `ping`, `endSessions`, authentication) makes none. Tracing twice changes nothing.
 * Throws a TypeError for a client without `monitorCommands: true`, for something else, or for an
 * option that is not allowed.
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
  const tracer = createQueryTracer({ tracerProvider: options.tracerProvider })
  const calls = new Map<number, QueryCall>()
  const finish = (requestId: number, error: unknown): void => {
    const call = calls.get(requestId)
    calls.delete(requestId)
    if (call !== undefined) end(call, error, options)
  }
  client.on(
    'commandStarted',
    guarded((event) => start(event, tracer, calls)),
  )
  client.on(
    'commandSucceeded',
    guarded(({ requestId, reply }) => {
      if (calls.has(requestId)) finish(requestId, refusalIn(reply))
    }),
  )
  client.on(
    'commandFailed',
    guarded(({ requestId, failure }) => finish(requestId, failure ?? new Error('no reason given'))),
  )
}

// What a listener throws would reach the driver.
function guarded(listener: (event: MongoEvent) => void): (event: MongoEvent) => void {
  return (event) => {
    try {
      listener(event)
    } catch (error) {
      diag.error('callchain: a command of mongodb could not be traced', error)
    }
  }
}

function start(event: MongoEvent, tracer: QueryTracer, calls: Map<number, QueryCall>): void {
  if (!tracer.isActive()) return
  const query = describeCommand(event)
  if (query !== undefined) calls.set(event.requestId, tracer.send(query))
}

function end(call: QueryCall, error: unknown, { errorMessages }: TraceMongoOptions): void {
  const isFailed = error !== undefined
  call.receive({
    error,
    statusCode: isFailed ? statusCodeOf('mongodb', error) : undefined,
    shownError: errorMessages && error instanceof Error ? error : undefined,
  })
}
