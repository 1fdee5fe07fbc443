import type { SqlOptions } from './driver/options.ts'
import { traceClient } from './pg/client.ts'
import { tracePool } from './pg/pool.ts'
import type { PgClient, PgPool } from './pg/types.ts'
import { createSqlTracer } from './sql/tracer.ts'

/** Options of `tracePg()`. */
export type TracePgOptions = SqlOptions

/** What `tracePg()` takes: a Pool or a Client of pg 8, or a subclass of one. */
export interface PgQueryable {
  query(...args: never[]): unknown
  connect(...args: never[]): unknown
}

/**
 * Traces a Pool or a Client of pg and returns it: each statement becomes a CLIENT span under the
 * request that sent it, after OpenTelemetry's conventions for PostgreSQL, in every form that pg
 * has: text or config, promise or callback, prepared, a cursor or a stream. A statement that the
 * pool runs says how long it waited for its connection, in milliseconds, in
 * `callchain.db.pool_wait`; `pool.connect()` has its own span. Tracing twice changes nothing.
 * Throws a TypeError for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { tracePg } from '@callchain/databases/pg'
 * import pg from 'pg'
 *
 * const pool = tracePg(new pg.Pool({ connectionString: process.env.DATABASE_URL }))
 *
 * const { rows } = await pool.query('SELECT id FROM orders WHERE tenant = $1', ['acme'])
 * ```
 */
export function tracePg<T extends PgQueryable>(target: T, options: TracePgOptions = {}): T {
  const { query, connect, on } = target as Partial<Record<'query' | 'connect' | 'on', unknown>>
  if (typeof query !== 'function' || typeof connect !== 'function' || typeof on !== 'function') {
    throw new TypeError('callchain: tracePg() takes a Pool or a Client of pg')
  }
  const tracer = createSqlTracer('postgresql', options)
  if ('totalCount' in target) tracePool(target as unknown as PgPool, tracer)
  else traceClient(target as unknown as PgClient, tracer)
  return target
}
