/** What we need of a PgBoss, of 10 and later. */
export interface PgBossInstance {
  work(name: string, ...rest: unknown[]): unknown
  fetch(name: string, ...rest: unknown[]): Promise<unknown>
  getDb?(): { readonly config?: unknown }
  readonly [method: string]: unknown
}

/** A job that is to be added by `insert` or `flow`, or by `send` as one object. */
export interface PgBossSpec {
  readonly name?: string
  readonly data?: unknown
  readonly [field: string]: unknown
}

/** A job, as a handler gets it. */
export interface PgBossJob {
  readonly id?: string
  readonly name?: string
  data?: unknown
  /** With `includeMetadata: true`, as all below. */
  readonly retryCount?: number
  readonly createdOn?: Date
  readonly created_on?: Date
}
