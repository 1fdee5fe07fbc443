import type { Finding } from '../../contract/findings.ts'
import type { MemoryStore } from '../../store/memory-store.ts'
import { isStatement, statementKeyOf } from '../../trace/span-type.ts'
import { spanOf, type TraceRecord } from '../../trace/trace-record.ts'
import { summarise } from '../trace-summary.ts'

/** A trace in a list, with the statement that its sentence is about. */
export function findingOf(record: TraceRecord, store: MemoryStore): Finding {
  const trace = summarise(record, store)
  return { trace, statement: statementIn(record, trace.headline.span) }
}

/** What a span of a trace ran; undefined where it ran nothing. */
export function statementIn(record: TraceRecord, span: string | undefined): string | undefined {
  const row = span === undefined ? undefined : spanOf(record, span)
  return row !== undefined && isStatement(row) ? statementKeyOf(row) : undefined
}
