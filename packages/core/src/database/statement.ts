/** A database statement or command, as its wrapper sees it before it is sent. */
export interface DatabaseStatement {
  /** `db.system.name`: `postgresql`, `mysql`, `mariadb`, `mongodb`, `redis`, … */
  readonly system: string
  /** What is done to what, of low cardinality: `SELECT orders`. Names the span. */
  readonly summary?: string | undefined
  /** The statement, with nothing in it that a span may not show. */
  readonly text?: string | undefined
  /** The operation where the database has one that need not be parsed out: `find`, `HSET`. */
  readonly operation?: string | undefined
  /** The collection, likewise. */
  readonly collection?: string | undefined
  /** The database, with the schema where it is known. */
  readonly namespace?: string | undefined
  /** The server's host name or address. */
  readonly serverAddress?: string | undefined
  /** The server's port. */
  readonly serverPort?: number | undefined
  /** How many operations are sent as one; left out below two. */
  readonly batchSize?: number | undefined
  /**
   * When it was asked for, as `performance.now()` had it, where that was before `send()`. Default:
   * now.
   */
  readonly startedAt?: number | undefined
  /** Bound values that the application asked to have on the span, by index or name. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** What came of a statement. */
export interface DatabaseResult {
  /** What was thrown, if anything was. */
  readonly error?: unknown
  /** The database's own code for it: SQLSTATE and the like. */
  readonly statusCode?: string | undefined
  /** The error as the span may show it. Default: its class alone. */
  readonly shownError?: Error | undefined
  /** How long ago it ended, in milliseconds, where that is found out later. Default: it ends now. */
  readonly endedMillisAgo?: number | undefined
}
