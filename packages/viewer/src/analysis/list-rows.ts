import type { ShortSpan, SpansAnswer } from '../contract/figures.ts'
import type { LogsAnswer } from '../contract/logs.ts'
import { KINDS, type SpanRow, STATUSES } from '../model/rows.ts'
import { nanosToMillis } from '../model/time.ts'
import type { Query } from '../query/compile-query.ts'
import { isOutside, isWithin, type TimeRange } from '../query/time-range.ts'
import type { KeptLog } from '../store/log-store.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { spanType, summaryOf } from '../trace/span-type.ts'
import { logLine } from './log-line.ts'
import { createNewestSpans, cursorOf } from './newest-spans.ts'

/** What rows are asked for. `cursor` is the `next` of the page before. */
export interface RowsRequest {
  readonly query: Query
  readonly range: TimeRange
  readonly limit: number
  readonly cursor: string
}

/** Spans that match, newest first: API.md, Spans. */
export function listSpans(
  store: MemoryStore,
  { query, range, limit, cursor }: RowsRequest,
): SpansAnswer {
  const newest = createNewestSpans(limit, cursor)
  let matched = 0
  for (const record of store.traces.values()) {
    if (isOutside(range, record)) continue
    for (const span of record.spans)
      if (isWithin(range, span.micros) && query.span(span, record)) {
        matched += 1
        newest.add({ trace: record.id, span })
      }
  }
  const found = newest.finish()
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    spans: page.map(({ trace, span }) => shortSpan(trace, span)),
    next: last !== undefined && found.length > limit ? cursorOf(last) : null,
    matched,
  }
}

/** A span in short. */
export function shortSpan(trace: string, span: SpanRow): ShortSpan {
  return {
    trace,
    id: span.id,
    service: span.resource.service,
    name: span.name,
    kind: KINDS[span.kind] ?? 'unspecified',
    type: spanType(span),
    start: span.micros / 1000,
    duration: nanosToMillis(span.duration),
    status: STATUSES[span.status] ?? 'unset',
    summary: summaryOf(span) || undefined,
  }
}

/** The form of a cursor of log lines. */
export const LOG_CURSOR: RegExp = /^\d{1,17}\.\d{1,15}$/

/** Log lines that match, the newest first, whenever they came: API.md, Logs. */
export function listLogs(
  store: MemoryStore,
  request: RowsRequest & { readonly trace: string; readonly span: string },
): LogsAnswer {
  const { query, range, limit, trace, span } = request
  const isOlder = olderThan(request.cursor)
  const older: KeptLog[] = []
  let matched = 0
  const lines = trace === '' ? store.logs.newest() : [...store.logs.ofTrace(trace)].reverse()
  for (const line of lines) {
    const { row } = line
    if ((span !== '' && row.span !== span) || !isWithin(range, row.micros) || !query.log(row))
      continue
    matched += 1
    if (isOlder(line)) older.push(line)
  }
  // Services send in batches: what arrived last is seldom the newest.
  const page = older.sort((a, b) => b.row.micros - a.row.micros || b.id - a.id).slice(0, limit)
  const last = page.at(-1)
  return {
    logs: page.map(logLine),
    next: older.length > limit && last !== undefined ? `${last.row.micros}.${last.id}` : null,
    matched,
    total: store.logs.size,
  }
}

/** Whether a line comes after the one that the cursor stands for. */
function olderThan(cursor: string): (line: KeptLog) => boolean {
  if (cursor === '') return () => true
  const [micros = 0, id = 0] = cursor.split('.').map(Number)
  return ({ row, id: number }) => row.micros < micros || (row.micros === micros && number < id)
}
