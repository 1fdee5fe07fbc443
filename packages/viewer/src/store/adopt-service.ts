import { hasAssumedService } from '../model/output-line.ts'
import type { Resource } from '../model/rows.ts'
import { spanOf, type TraceRecord } from '../trace/trace-record.ts'
import type { KeptLog, LogStore } from './log-store.ts'

/**
 * Gives a service to the log lines of these traces, and of the lines' traces, that name none: that of their
 * span, else that of their trace if it has only one.
 */
export function nameLines(
  { traces, logs }: { traces: ReadonlyMap<string, TraceRecord>; logs: LogStore },
  changed: ReadonlySet<TraceRecord>,
  lines: readonly KeptLog[],
): void {
  const touched = new Set(changed)
  for (const { row } of lines) {
    const record = traces.get(row.trace)
    if (record !== undefined) touched.add(record)
  }
  for (const record of touched) adoptServices(record, logs)
}

function adoptServices(record: TraceRecord, logs: LogStore): void {
  const guessed = logs.ofTrace(record.id).filter(({ row }) => hasAssumedService(row))
  if (guessed.length === 0) return
  const only = onlyResource(record)
  for (const line of guessed) {
    const resource = spanOf(record, line.row.span)?.resource ?? only
    if (resource !== undefined && resource !== line.row.resource) logs.adopt(line, resource)
  }
}

function onlyResource({ spans }: TraceRecord): Resource | undefined {
  const [first] = spans
  const service = first?.resource.service
  return spans.every(({ resource }) => resource.service === service) ? first?.resource : undefined
}
