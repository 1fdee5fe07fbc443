import { context } from '@opentelemetry/api'
import { endWith, isThenable } from './ending.ts'
import type { DatabaseOptions } from './options.ts'
import type { BoundValues } from './parameters.ts'
import { createSqlTracer, type SqlTracer } from './sql-tracer.ts'

/** A statement for a database that no wrapper knows. */
export interface TracedQuery {
  /**
   * `db.system.name`, as the conventions spell it: `sqlite`, `microsoft.sql_server`, `clickhouse`.
   * It says how literals are written; for a name we do not know, the reading that hides most is taken.
   */
  system: string
  /** The statement. Every literal in it becomes `?`, unless `values` are bound to it. */
  text?: string
  /** The values that are bound to it. The span does not show them, unless `captureParameters` says so. */
  values?: BoundValues
  /** What it does to what, for the span's name. Default: made out of `text`. */
  summary?: string
  /** `db.operation.name`; not for SQL, where the text says it. */
  operation?: string
  /** `db.collection.name`; not for SQL. */
  collection?: string
  /** `db.namespace`: the database. */
  namespace?: string
  serverAddress?: string
  serverPort?: number
  /** How many operations are sent as one. */
  batchSize?: number
}

/** Options of `traceQuery()`. */
export type TraceQueryOptions = DatabaseOptions

/**
 * Makes a CLIENT span of what `run` sends to a database, after OpenTelemetry's conventions for
 * database client calls. `run` is called once, in the span's context. Returns what it returns; a
 * promise of any make comes back as a Promise. Throws what it throws, and a TypeError for an option
 * that is not allowed.
 */
export function traceQuery<T>(
  query: TracedQuery,
  run: () => PromiseLike<T>,
  options?: TraceQueryOptions,
): Promise<T>
export function traceQuery<T>(query: TracedQuery, run: () => T, options?: TraceQueryOptions): T
export function traceQuery(
  query: TracedQuery,
  run: () => unknown,
  options?: TraceQueryOptions,
): unknown {
  const tracer = tracerOf(query.system, options)
  if (!tracer.isActive()) return runOnce(run)
  const { text, values, ...details } = query
  const call = tracer.send(text, values, details)
  const end = (error?: unknown): void => tracer.end(call, error)
  try {
    return context.with(call.context, () => endWith(runOnce(run), end))
  } catch (error) {
    end(error ?? new Error('threw nothing'))
    throw error
  }
}

// A query builder runs each time somebody asks for its outcome: only the promise does.
function runOnce(run: () => unknown): unknown {
  const result = run()
  return isThenable(result) ? Promise.resolve(result) : result
}

const DEFAULTS: TraceQueryOptions = {}
const tracers = new WeakMap<TraceQueryOptions, Map<string, SqlTracer>>()

function tracerOf(system: string, options: TraceQueryOptions = DEFAULTS): SqlTracer {
  const bySystem = tracers.get(options) ?? new Map<string, SqlTracer>()
  tracers.set(options, bySystem)
  const tracer = bySystem.get(system) ?? createSqlTracer(system, options)
  bySystem.set(system, tracer)
  return tracer
}
