import type { Method } from '../driver/callbacks.ts'

/** What the tracing needs of a Client of pg. */
export interface PgClient {
  query: Method
  connect: Method
  readonly host?: unknown
  readonly port?: unknown
  readonly database?: unknown
  readonly _connecting?: unknown
  readonly _connected?: unknown
}

/** What the tracing needs of a Pool of pg. */
export interface PgPool {
  query: Method
  connect: Method
  /** Opens a connection, for `connect()` and for what waits in its queue; not in pg's documentation. */
  newClient?: Method
  on(event: string, listener: (client: PgClient) => void): unknown
  readonly options?: Readonly<Record<string, unknown>> | undefined
  readonly totalCount: number
}
