import type { Method } from '../driver/callbacks.ts'

/** What mysql2 knows of the server of a connection. */
interface ConnectionConfig {
  readonly host?: unknown
  readonly port?: unknown
  readonly database?: unknown
  readonly socketPath?: unknown
  readonly stream?: unknown
}

/** What the tracing needs of a connection of mysql2, below its promises. */
export interface MysqlConnection {
  query: Method
  execute: Method
  prepare: Method
  on(event: symbol, listener: (error: unknown) => void): unknown
  readonly config: ConnectionConfig
}

/** A pool or a namespace of pools, which chooses the connection for a statement. */
export interface MysqlSource {
  query: Method
  execute: Method
  getConnection: Method
}

/** What the tracing needs of a cluster of pools of mysql2, below its promises. */
export interface MysqlPoolCluster {
  of: Method
  add: Method
  readonly _namespaces?: Readonly<Record<string, MysqlSource>>
}

/** What the tracing needs of a pool of mysql2, below its promises. */
export interface MysqlPool extends MysqlSource {
  readonly config: { readonly connectionConfig: ConnectionConfig }
}
