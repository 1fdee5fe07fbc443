import type { Method } from '../method.ts'

/** What mysql2 knows of the server of a connection. */
interface ConnectionConfig {
  readonly host?: unknown
  readonly port?: unknown
  readonly database?: unknown
  readonly socketPath?: unknown
}

/** What we need to know of a connection of mysql2's, below its promises. */
export interface MysqlConnection {
  query: Method
  execute: Method
  prepare: Method
  on(event: symbol, listener: (error: unknown) => void): unknown
  readonly config: ConnectionConfig
}

/** What we need to know of a pool of mysql2's, below its promises. */
export interface MysqlPool {
  query: Method
  execute: Method
  getConnection: Method
  readonly config: { readonly connectionConfig: ConnectionConfig }
}
