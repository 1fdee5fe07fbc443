import { toOtlpJson } from '../formats/write-otlp.ts'
import type { Decoded, SpanRow } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'

const ROWS_A_LINE = 500

/** All that a store holds, a line for some of it each. */
export function* linesOfStore(store: MemoryStore): Iterable<string> {
  for (const id of [...store.traces.keys()]) {
    const spans = store.traces.get(id)?.spans ?? []
    for (let at = 0; at < spans.length; at += ROWS_A_LINE)
      yield textOf([{ id, spans: spans.slice(at, at + ROWS_A_LINE) }], [])
  }
  const logs = [...store.logs.newest()].reverse().map(({ row }) => row)
  for (let at = 0; at < logs.length; at += ROWS_A_LINE)
    yield textOf([], logs.slice(at, at + ROWS_A_LINE))
}

/** What one request has brought. */
export function lineOf({ traces, spans, logs, merge }: Decoded): string {
  const byTrace = new Map<string, SpanRow[]>()
  for (const [at, span] of spans.entries()) {
    const id = traces[at] ?? ''
    const list = byTrace.get(id)
    if (list === undefined) byTrace.set(id, [span])
    else list.push(span)
  }
  const rows = [...byTrace].map(([id, list]) => ({ id, spans: list }))
  return textOf(rows, logs, merge !== undefined)
}

function textOf(
  traces: readonly { readonly id: string; readonly spans: readonly SpanRow[] }[],
  logs: Parameters<typeof toOtlpJson>[0]['logs'],
  isOfPieces = false,
): string {
  const value = { ...toOtlpJson({ traces, logs }), ...(isOfPieces ? { pieces: true } : {}) }
  return `${JSON.stringify(value)}\n`
}
