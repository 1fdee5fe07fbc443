import { logLine } from '../analysis/log-line.ts'
import { mapOfTrace } from '../analysis/service-map.ts'
import { traceDetail } from '../analysis/trace-detail.ts'
import { toMarkdown } from '../analysis/write-markdown.ts'
import { KEPT_TRACE_ELEMENT, type KeptTrace } from '../contract/kept-trace.ts'
import { toOtlpJson } from '../formats/write-otlp.ts'
import { writePageFile } from '../http/page-file.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** One trace as one HTML file, with the page in it. @throws HttpError 404 when the page is not built */
export function traceFile(
  record: TraceRecord,
  store: MemoryStore,
  services: readonly string[],
): Promise<Buffer> {
  const lines = [...store.logs.ofTrace(record.id)]
  lines.sort((a, b) => a.row.micros - b.row.micros || a.row.nanos - b.row.nanos)
  const trace = traceDetail(record, store)
  const value: KeptTrace = {
    id: record.id,
    written: Date.now(),
    markdown: toMarkdown(record, store),
    trace,
    logs: { logs: lines.map(logLine) },
    map: mapOfTrace(record, store),
    otlp: toOtlpJson({ traces: [record], logs: lines.map(({ row }) => row) }),
    services,
  }
  const { root } = trace.trace
  const title = `${root.service} ${root.name}: ${trace.trace.headline.text}`
  return writePageFile({ element: KEPT_TRACE_ELEMENT, title, value })
}
