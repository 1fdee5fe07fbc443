import type { Method } from '../driver/callbacks.ts'
import type { MongoCommand } from './command.ts'

/** An event of a command. */
export interface MongoEvent extends MongoCommand {
  readonly requestId: number
  readonly connectionId?: unknown
  readonly reply?: unknown
  readonly failure?: unknown
}

/** The address of one of the client's servers, from its URL. */
export interface HostAddress {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly socketPath?: string | undefined
}

/** What the tracing needs of a MongoClient. */
export interface MonitoredClient {
  readonly monitorCommands?: unknown
  connect: Method
  on(event: string, listener: (event: MongoEvent) => void): unknown
  readonly topology?: Topology | undefined
  readonly options?: { readonly hosts?: readonly HostAddress[]; readonly srvHost?: unknown }
  readonly s?: { readonly options?: Readonly<Record<string | symbol, unknown>> }
}

/** What chooses a server for each command. */
export interface Topology {
  /** With a callback at the end in the older driver, with a promise in the newer. */
  selectServer: Method
}

/** What lends a command its connection. */
export interface ConnectionPool {
  readonly address: string
  checkOut: Method
}

/** A connection that a pool has lent. */
export interface Connection {
  readonly id?: unknown
  readonly address?: unknown
}
