import { errorMonitor } from 'node:events'
import type { QueryCall } from '@callchain/core'
import type { SqlTracer } from '../sql/tracer.ts'
import type { MysqlConnection } from './types.ts'

const inFlight = new WeakMap<MysqlConnection, Set<QueryCall>>()

/** Ends the spans of what a connection still has to answer when it breaks: mysql2 tells no stream. */
export function endWithConnection(connection: MysqlConnection, tracer: SqlTracer): void {
  const calls = new Set<QueryCall>()
  inFlight.set(connection, calls)
  connection.on(errorMonitor, (error) => {
    for (const call of calls) tracer.end(call, error ?? new Error('no error given'))
    calls.clear()
  })
}

/** Notes that a connection is to answer a statement. */
export function sentOn(connection: MysqlConnection, call: QueryCall): void {
  const calls = inFlight.get(connection)
  if (calls === undefined) return
  for (const each of calls) if (!each.span.isRecording()) calls.delete(each)
  if (call.span.isRecording()) calls.add(call)
}
