import { checkOptions, type OptionRules, oneOf } from '@callchain/core/internal'
import { SQL_RULES, type SqlOptions } from './driver/options.ts'
import { traceConnection } from './mysql2/connection.ts'
import { tracePool } from './mysql2/pool.ts'
import { tracePoolCluster } from './mysql2/pool-cluster.ts'
import type { MysqlConnection, MysqlPool, MysqlPoolCluster } from './mysql2/types.ts'
import { createSqlTracer } from './sql/tracer.ts'

/** Options of `traceMysql()`. */
export interface TraceMysqlOptions extends SqlOptions {
  /** Which server it is, for `db.system.name`. Default: `'mysql'`. */
  system?: 'mysql' | 'mariadb'
}

/** What `traceMysql()` takes: a pool or a connection of mysql2 3, with callbacks or with promises. */
export interface MysqlQueryable {
  query(...args: never[]): unknown
  execute(...args: never[]): unknown
}

/** What else `traceMysql()` takes: a cluster of pools, with callbacks or with promises. */
export interface MysqlClusterable {
  of(...args: never[]): unknown
  add(...args: never[]): unknown
}

const RULES: OptionRules<TraceMysqlOptions> = { ...SQL_RULES, system: oneOf(['mysql', 'mariadb']) }

/**
 * Traces a pool, a connection or a pool cluster of mysql2, or of mysql2/promise, and returns it: each
 * statement becomes a CLIENT span under the request that sent it, after OpenTelemetry's conventions for MySQL,
 * with a callback, a promise, as a stream or prepared. A statement that the pool runs says how long
 * it waited for its connection, in milliseconds, in `callchain.db.pool_wait`; `getConnection()`
 * has its own span. Tracing twice changes nothing. Throws a TypeError for anything else, and
 * for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceMysql } from '@callchain/databases/mysql2'
 * import { createPool } from 'mysql2/promise'
 *
 * const pool = traceMysql(createPool('mysql://localhost/shop'))
 *
 * const [rows] = await pool.execute('SELECT id FROM orders WHERE tenant = ?', ['acme'])
 * ```
 */
export function traceMysql<T extends MysqlQueryable | MysqlClusterable>(
  target: T,
  given: TraceMysqlOptions = {},
): T {
  checkOptions('traceMysql()', given, RULES)
  const { system = 'mysql', ...options } = given
  const tracer = createSqlTracer(system, options)
  const core = coreOf(target)
  if (isPoolCluster(core)) tracePoolCluster(core, tracer)
  else if (isPool(core)) tracePool(core, tracer)
  else if (isConnection(core)) traceConnection(core, tracer)
  else
    throw new TypeError(
      'callchain: traceMysql() takes a pool, a connection or a pool cluster of mysql2',
    )
  return target
}

// The object with promises wraps one with callbacks.
function coreOf(target: unknown): unknown {
  const { pool, connection, poolCluster } = (target ?? {}) as Record<string, unknown>
  return poolCluster ?? pool ?? connection ?? target
}

function isPoolCluster(core: unknown): core is MysqlPoolCluster {
  const { of, add } = (core ?? {}) as Partial<MysqlPoolCluster>
  return typeof of === 'function' && typeof add === 'function'
}

function isPool(core: unknown): core is MysqlPool {
  return (core as Partial<MysqlPool> | undefined)?.config?.connectionConfig !== undefined
}

function isConnection(core: unknown): core is MysqlConnection {
  const { query, execute, config } = (core ?? {}) as Partial<MysqlConnection>
  return typeof query === 'function' && typeof execute === 'function' && config !== undefined
}
