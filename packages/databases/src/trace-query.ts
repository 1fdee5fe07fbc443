import { context } from '@opentelemetry/api'
import type { DatabaseOptions } from './driver/options.ts'
import { runTraced } from './driver/run-traced.ts'
import { followResult, untracedResult } from './reading/follow-result.ts'
import { type ReadQuery, readQuery, type TracedQuery } from './sql/traced-query.ts'
import { createSqlTracer, type SqlTracer } from './sql/tracer.ts'

/** Options of `traceQuery()`. */
export type TraceQueryOptions = DatabaseOptions

/**
 * Makes a CLIENT span of what `run` sends to a database, after OpenTelemetry's conventions for
 * database client calls. `run` is called once, in the span's context, whatever `query` holds. Returns
 * what it returns; a promise of any kind comes back as a Promise, and a statement that its driver runs
 * only when it is awaited is not run earlier. The span ends with the promise; with the reading of a
 * stream, a cursor or an iterator, also when a promise resolves to one; and at once for anything else.
 * Throws what `run` throws, and a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceQuery } from '@callchain/databases'
 * import Database from 'better-sqlite3'
 *
 * const database = new Database('shop.db')
 * const text = 'SELECT id FROM orders WHERE tenant = ?'
 *
 * const orders = traceQuery({ system: 'sqlite', text, values: ['acme'] }, () =>
 *   database.prepare(text).all('acme'),
 * )
 * ```
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
  options?: TraceQueryOptions | null,
): unknown {
  const read = readQuery(query)
  const tracer = tracerOf(read.system, options ?? DEFAULTS)
  return tracer.isActive() ? traceRun(tracer, read, run) : untracedResult(run())
}

function traceRun(tracer: SqlTracer, { text, values, details }: ReadQuery, run: () => unknown) {
  const call = tracer.send(text, values, details)
  const end = (error?: unknown, millisAgo?: number): void => tracer.end(call, error, millisAgo)
  const result = runTraced(() => context.with(call.context, run), end)
  return followResult(result, { within: call.context, end })
}

const DEFAULTS: TraceQueryOptions = {}
const tracers = new WeakMap<TraceQueryOptions, Map<string, SqlTracer>>()

function tracerOf(system: string, options: TraceQueryOptions): SqlTracer {
  const bySystem = tracers.get(options) ?? new Map<string, SqlTracer>()
  const tracer = bySystem.get(system) ?? createSqlTracer(system, options)
  tracers.set(options, bySystem.set(system, tracer))
  return tracer
}
