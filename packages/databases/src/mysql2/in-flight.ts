import { errorMonitor } from 'node:events'
import type { DatabaseCall } from '@callchain/core'
import type { SqlTracer } from '../sql/tracer.ts'
import type { MysqlConnection } from './types.ts'

const inFlight = new WeakMap<MysqlConnection, Set<DatabaseCall>>()

/** Ends the spans of unanswered statements when their connection breaks: mysql2 does not tell streams. */
export function endWhenConnectionBreaks(connection: MysqlConnection, tracer: SqlTracer): void {
  const calls = new Set<DatabaseCall>()
  inFlight.set(connection, calls)
  connection.on(errorMonitor, (error) => {
    for (const call of calls) tracer.end(call, error ?? new Error('failed without a reason'))
    calls.clear()
  })
}

/** Records that a statement was sent on a connection. */
export function recordSent(connection: MysqlConnection, call: DatabaseCall): void {
  const calls = inFlight.get(connection)
  if (calls === undefined) return
  for (const each of calls) if (!each.span.isRecording()) calls.delete(each)
  if (call.span.isRecording()) calls.add(call)
}
