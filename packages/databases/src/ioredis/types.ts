import type { Method } from '../driver/callbacks.ts'

/** A command of ioredis. */
export interface IoredisCommand {
  readonly name: string
  readonly args: readonly unknown[]
  resolve: Method
  reject: Method
}

/** What the tracing needs of a Redis or a Cluster of ioredis. */
export interface IoredisClient {
  sendCommand: Method
  pipeline: Method
  multi: Method
  connect: Method
  on(event: '+node', listener: (node: IoredisClient) => void): unknown
  /** Of a cluster: its clients so far. */
  nodes?(role: 'all'): readonly IoredisClient[]
  readonly status: string
  readonly isCluster?: boolean
  readonly options: {
    readonly host?: unknown
    readonly port?: unknown
    readonly path?: unknown
    readonly db?: unknown
    readonly sentinels?: unknown
    readonly Connector?: unknown
  }
  /** Its connection, once it has one. */
  readonly stream?: { readonly remoteAddress?: string; readonly remotePort?: number } | null
  readonly condition?: { readonly select?: unknown } | null
  readonly _autoPipelines?: ReadonlyMap<string, unknown>
}

/** What the tracing needs of a pipeline, or of a transaction, of ioredis. */
export interface IoredisPipeline {
  sendCommand: Method
  exec: Method
  readonly _queue: readonly IoredisCommand[]
  /** How many transactions in it are open. */
  readonly _transactions?: number
}
