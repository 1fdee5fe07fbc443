import { matchingTraces } from '../analysis/list-traces.ts'
import type { ImportResult } from '../contract/transfer.ts'
import { readAnyJson } from '../formats/read-any.ts'
import { inner, spanParts } from '../formats/trace-parts.ts'
import { toOtlpJson } from '../formats/write-otlp.ts'
import { answerJson, asHttpError, streamJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { queryOf, rangeOf } from '../http/parameters.ts'
import { accept, wordsFor } from '../ingest/accept.ts'
import { checkJsonSize } from '../ingest/json-size.ts'
import type { Exchange, Route, ViewerState } from '../ingest/viewer-state.ts'
import type { Decoded } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** Import and export of files. */
export const transferRoutes: readonly Route[] = [
  { method: 'POST', pattern: /^\/api\/local\/import$/, answer: importBody },
  { method: 'GET', pattern: /^\/api\/local\/export$/, answer: exportTraces },
]

/**
 * Takes in a file of OTLP, Jaeger or Zipkin v2 JSON.
 *
 * @throws Error with a sentence for the user when it is something else
 */
export function importText(state: ViewerState, text: string): ImportResult {
  const { format, parts, unread } = readAnyJson(text, state.context)
  const traces = new Set<string>()
  const sum = { spans: 0, logs: 0, merged: 0, known: 0, rejected: 0 }
  let metrics = 0
  for (const part of parts) {
    const taken = accept(state.store, part)
    state.log.addSenders(part, Date.now())
    for (const key of ['spans', 'logs', 'merged', 'known'] as const) sum[key] += taken[key]
    sum.rejected += part.rejected
    metrics += part.metrics
    for (const id of part.traces) if (state.store.traces.has(id)) traces.add(id)
  }
  // A file may hold more than the store does.
  const gone = Math.min(sum.spans, goneOf(state, parts))
  sum.spans -= gone
  const reasons = new Set(parts.flatMap((part) => [...part.reasons]))
  const warning = warningOf({ refused: sum.rejected, reasons, unread, gone, metrics })
  const [merged, known] = [sum.merged || undefined, sum.known || undefined]
  return { format, ...sum, merged, known, warning, traces: [...traces].slice(0, 100) }
}

function goneOf({ store }: ViewerState, parts: readonly Decoded[]): number {
  let gone = 0
  for (const { traces } of parts) for (const id of traces) if (!store.traces.has(id)) gone += 1
  return gone
}

interface Faults {
  readonly refused: number
  readonly reasons: ReadonlySet<string>
  readonly unread: readonly number[]
  readonly gone: number
  readonly metrics: number
}

function warningOf({ refused, reasons, unread, gone, metrics }: Faults): string | undefined {
  const said: string[] = []
  const [first = 0] = unread
  if (refused > 0) said.push(`${were(refused, 'span')} refused: ${wordsFor(reasons)}`)
  else if (reasons.size > 0) said.push(wordsFor(reasons))
  if (metrics > 0)
    said.push(`${were(metrics, 'metric')} not kept: the viewer does not keep metrics`)
  if (gone > 0)
    said.push(`${were(gone, 'span')} evicted at once: the file has more than the store holds`)
  if (unread.length === 1) said.push(`line ${first} is not complete JSON and was left out`)
  if (unread.length > 1)
    said.push(
      `${unread.length} lines from line ${first} on are not complete JSON and were left out`,
    )
  return said.join('; ') || undefined
}

function were(count: number, one: string): string {
  return `${count} ${count === 1 ? `${one} was` : `${one}s were`}`
}

async function importBody({ state, request, response }: Exchange): Promise<void> {
  const { bytes } = await state.bodies.read(request)
  checkJsonSize(bytes)
  try {
    answerJson(response, importText(state, bytes.toString('utf8')))
  } catch (error) {
    throw new HttpError(400, asHttpError(error).message)
  }
}

function exportTraces({ state, response, parameters }: Exchange): Promise<void> {
  const traces = matchingTraces(state.store, queryOf(parameters), rangeOf(parameters))
  const day = new Date().toISOString().slice(0, 10)
  return streamJson(response, otlpJsonParts(state.store, traces), {
    'content-disposition': `attachment; filename="callchain-${day}.json"`,
  })
}

/**
 * All of it as one text could be more than a string holds, and would take many times the store's memory.
 * Each trace is looked up when its turn comes: a slow reader keeps none alive.
 */
function* otlpJsonParts(store: MemoryStore, records: readonly TraceRecord[]): Iterable<string> {
  const ids = records.map(({ id }) => id)
  yield '{"resourceSpans":['
  let before = ''
  for (const id of ids) {
    for (const { spans } of spanParts(store, id)) {
      yield before + inner(toOtlpJson({ traces: [{ id, spans }], logs: [] }).resourceSpans)
      before = ','
    }
  }
  yield '],"resourceLogs":['
  before = ''
  for (const id of ids) {
    const logs = store.logs.ofTrace(id).map(({ row }) => row)
    if (logs.length === 0) continue
    yield before + inner(toOtlpJson({ traces: [], logs }).resourceLogs)
    before = ','
  }
  yield ']}'
}
