import { AsyncResource } from 'node:async_hooks'
import type { Method } from '../driver/callbacks.ts'
import { isThenable } from '../driver/settle.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import { isOwnCommand } from './command.ts'
import type { Connection, ConnectionPool, MonitoredClient, Topology } from './types.ts'

/** A command that never got a connection. */
export interface WayFailure {
  /** The command, where that is known. */
  readonly operation?: string | undefined
  /** Its server, as the driver names it, where one had been chosen. */
  readonly address?: string | undefined
  /** When it set out, as `performance.now()` had it. */
  readonly startedAt: number
  readonly error: unknown
}

/** What hears of the way to a connection, in the context of the command that goes it. */
export interface WayWatch {
  /** Whether anybody is to hear of it. */
  isActive(): boolean
  /** A connection has been lent after so many milliseconds. */
  lent(connection: Connection, milliseconds: number): void
  /** There is no connection, so the driver has no event of the command. */
  failed(failure: WayFailure): void
}

/**
 * Watches how the commands of a client get their connection: first they have it connect, then a
 * server is chosen, then its pool lends a connection.
 */
export function watchWay(client: MonitoredClient, watch: WayWatch): void {
  const { connect } = client
  overrideMethod(client, 'connect', function (this: unknown, ...args: unknown[]): unknown {
    const isForCommand = CONNECTING.some((key) => client.s?.options?.[key] === true)
    const answer = connect.apply(this, args)
    return isForCommand ? observe(answer, observer(watch, {})) : answer
  })
  client.on('topologyOpening', () => {
    if (client.topology !== undefined) watchTopology(client.topology, watch)
  })
}

/** The option that the driver sets while a command has it connect, in the newer and the older one. */
const CONNECTING = ['__skipPingOnConnect', Symbol.for('@@mdb.skipPingOnConnect')]

function watchTopology(topology: Topology, watch: WayWatch): void {
  if (isTraced(topology)) return
  markTraced(topology)
  const { selectServer } = topology
  overrideMethod(topology, 'selectServer', (...args: unknown[]): unknown => {
    const { operationName, timeoutContext } = (args[1] ?? {}) as Readonly<Record<string, unknown>>
    if (typeof operationName !== 'string' || isOwnCommand(operationName) || !watch.isActive()) {
      return selectServer.apply(topology, args)
    }
    if (typeof timeoutContext === 'object' && timeoutContext !== null) {
      operations.set(timeoutContext, operationName)
    }
    const chosen = observer(watch, { operation: operationName }, (server) => {
      const { pool } = (server ?? {}) as { pool?: ConnectionPool }
      if (typeof pool?.checkOut === 'function') watchPool(pool, watch)
    })
    const callback = args[2]
    if (typeof callback !== 'function') return observe(selectServer.apply(topology, args), chosen)
    const observed: Method = (error, server) => {
      if (error) chosen.failed(error)
      else chosen.fulfilled(server)
      return callback(error, server)
    }
    return selectServer.call(topology, args[0], args[1], AsyncResource.bind(observed))
  })
}

/** The operation that a time limit of the newer driver is for. */
const operations = new WeakMap<object, string>()

function watchPool(pool: ConnectionPool, watch: WayWatch): void {
  if (isTraced(pool)) return
  markTraced(pool)
  const { checkOut } = pool
  overrideMethod(pool, 'checkOut', (...args: unknown[]): unknown => {
    const { timeoutContext } = (args[0] ?? {}) as { timeoutContext?: object }
    const operation = timeoutContext === undefined ? undefined : operations.get(timeoutContext)
    const startedAt = performance.now()
    const lent = observer(watch, { operation, address: pool.address }, (connection) =>
      watch.lent(connection as Connection, performance.now() - startedAt),
    )
    return observe(checkOut.apply(pool, args), lent)
  })
}

interface Observer {
  fulfilled(value: unknown): void
  failed(error: unknown): void
}

function observer(
  watch: WayWatch,
  known: { operation?: string | undefined; address?: string },
  fulfilled: (value: unknown) => void = () => {},
): Observer {
  const startedAt = performance.now()
  const isActive = watch.isActive()
  return {
    fulfilled,
    failed: (error) => {
      if (isActive) watch.failed({ ...known, startedAt, error })
    },
  }
}

// What is given back is the driver's own promise.
function observe(answer: unknown, { fulfilled, failed }: Observer): unknown {
  if (isThenable(answer)) answer.then(fulfilled, failed)
  return answer
}
