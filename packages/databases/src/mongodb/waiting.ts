import { AsyncResource } from 'node:async_hooks'
import type { Method } from '../driver/callbacks.ts'
import { isThenable } from '../driver/settle.ts'
import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import { isOwnCommand } from './command.ts'
import type { Connection, ConnectionPool, MonitoredClient, Topology } from './types.ts'

/** A command that never got a connection, so that it was not sent. */
export interface UnsentCommand {
  /** The command, where that is known. */
  readonly operation?: string | undefined
  /** Its server, as the driver names it, where one had been chosen. */
  readonly address?: string | undefined
  /** When it was called, on the clock of `performance.now()`. */
  readonly startedAt: number
  readonly error: unknown
}

/** What is told how a command gets its connection, in the context of that command. */
export interface ConnectionWatch {
  /** Whether commands are traced now. */
  isActive(): boolean
  /** A pool lent a connection after this time. */
  lent(connection: Connection, milliseconds: number): void
  /** The command got no connection, so the driver emits no event of it. */
  failed(failure: UnsentCommand): void
}

/**
 * Watches how the commands of a client get their connection: first the client connects, then a server
 * is chosen, then its pool lends a connection.
 */
export function watchConnecting(client: MonitoredClient, watch: ConnectionWatch): void {
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

/** The option that newer and older drivers set while they connect for a command. */
const CONNECTING = ['__skipPingOnConnect', Symbol.for('@@mdb.skipPingOnConnect')]

function watchTopology(topology: Topology, watch: ConnectionWatch): void {
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

/** The operation that a timeout object of newer drivers belongs to. */
const operations = new WeakMap<object, string>()

function watchPool(pool: ConnectionPool, watch: ConnectionWatch): void {
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
  watch: ConnectionWatch,
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

// Returns the driver's own promise.
function observe(answer: unknown, { fulfilled, failed }: Observer): unknown {
  if (isThenable(answer)) answer.then(fulfilled, failed)
  return answer
}
