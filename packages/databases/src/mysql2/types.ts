import type { Method } from '../driver/callbacks.ts'

/** What mysql2 knows of the server of a connection. */
interface ConnectionConfig {
  readonly host?: unknown
  readonly port?: unknown
  readonly database?: unknown
  readonly socketPath?: unknown
  readonly stream?: unknown
}

/** What we need to know of a connection of mysql2's, below its promises. */
export interface MysqlConnection {
  query: Method
  execute: Method
  prepare: Method
  on(event: symbol, listener: (error: unknown) => void): unknown
  readonly config: ConnectionConfig
}

/** What runs statements on connections of its choice. */
export interface MysqlSource {
  query: Method
  execute: Method
  getConnection: Method
}

/** What we need to know of a cluster of pools of mysql2's, below its promises. */
export interface MysqlPoolCluster {
  of: Method
  add: Method
  readonly _namespaces?: Readonly<Record<string, MysqlSource>>
}

/** What we need to know of a pool of mysql2's, below its promises. */
export interface MysqlPool extends MysqlSource {
  readonly config: { readonly connectionConfig: ConnectionConfig }
}
