import {
  facetsOf,
  listTraces,
  matchingApart,
  matchingTraces,
  TRACE_CURSOR,
} from '../analysis/list-traces.ts'
import { logLine } from '../analysis/log-line.ts'
import { mapOfTrace } from '../analysis/service-map.ts'
import { spanDetails, traceDetail } from '../analysis/trace-detail.ts'
import { durationOf, summarise } from '../analysis/trace-summary.ts'
import { toMarkdown } from '../analysis/write-markdown.ts'
import type { AnswerOf, LocalPath } from '../contract/local-api.ts'
import { toOtlpJson } from '../formats/write-otlp.ts'
import { answerBytes, answerJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { choiceOf, cursorOf, limitOf, numberOf, queryOf, rangeOf } from '../http/parameters.ts'
import type { Exchange, Route } from '../ingest/viewer-state.ts'
import { createTextTest } from '../query/text-test.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { factsOf } from '../trace/trace-facts.ts'
import { spanOf, type TraceRecord } from '../trace/trace-record.ts'
import { findRecord } from './find-record.ts'
import type { LocalExchange } from './local-exchange.ts'
import { traceFile } from './trace-file.ts'

const MAX_TRACE_LOGS = 5000

/** Everything under /api/local/traces, and the scatter. */
export const traceRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^\/api\/local\/traces$/, answer: list },
  { method: 'DELETE', pattern: /^\/api\/local\/traces$/, answer: clear },
  { method: 'GET', pattern: /^\/api\/local\/scatter$/, answer: scatter },
  {
    method: 'GET',
    pattern: /^\/api\/local\/traces\/([^/.]+)$/,
    answer: detail,
  },
  { method: 'GET', pattern: /^\/api\/local\/traces\/([^/.]+)\/spans$/, answer: findSpans },
  { method: 'GET', pattern: /^\/api\/local\/traces\/([^/.]+)\/spans\/([^/.]+)$/, answer: oneSpan },
  {
    method: 'GET',
    pattern: /^\/api\/local\/traces\/([^/.]+)\/map$/,
    answer: (exchange) => answerLocal<'traces/{id}/map'>(exchange, mapOfTrace(...found(exchange))),
  },
  { method: 'GET', pattern: /^\/api\/local\/traces\/([^/.]+)\/logs$/, answer: logs },
  {
    method: 'GET',
    pattern: /^\/api\/local\/traces\/([^/.]+)\.md$/,
    answer(exchange) {
      const body = Buffer.from(toMarkdown(...found(exchange)))
      answerBytes(exchange.response, body, {
        headers: { 'content-type': 'text/markdown; charset=utf-8' },
      })
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/local\/traces\/([^/.]+)\.html$/,
    async answer(exchange) {
      const [record, store] = found(exchange)
      const body = await traceFile(record, store, exchange.state.log.arrived)
      // To be kept, not to be opened here: as a page of this origin it could read the viewer.
      const name = `trace-${record.id.slice(0, 8)}.html`
      answerBytes(exchange.response, body, {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-disposition': `attachment; filename="${name}"`,
        },
      })
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/local\/traces\/([^/.]+)\.json$/,
    answer(exchange) {
      const [record, store] = found(exchange)
      const lines = store.logs.ofTrace(record.id).map(({ row }) => row)
      answerJson(exchange.response, toOtlpJson({ traces: [record], logs: lines }))
    },
  },
]

function found({ state, groups }: Pick<Exchange, 'state' | 'groups'>): [TraceRecord, MemoryStore] {
  return [findRecord(state.store, groups[0] ?? ''), state.store]
}

function detail(exchange: LocalExchange<'traces/{id}'>): void {
  const brief = numberOf(exchange.parameters, 'brief')
  answerLocal<'traces/{id}'>(exchange, traceDetail(...found(exchange), brief))
}

/** The ids of the spans with a text. */
function findSpans(exchange: LocalExchange<'traces/{id}/spans'>): void {
  const [{ spans }] = found(exchange)
  const { span: has } = createTextTest(exchange.parameters.get('text') ?? '')
  answerLocal<'traces/{id}/spans'>(exchange, {
    spans: spans.filter((span) => has(span)).map(({ id }) => id),
  })
}

function oneSpan(exchange: Exchange): void {
  const [record, store] = found(exchange)
  const span = spanOf(record, exchange.groups[1]?.toLowerCase() ?? '')
  if (span === undefined) throw new HttpError(404, 'The trace has no such span.')
  answerLocal<'traces/{id}/spans/{span}'>(exchange, spanDetails(record, store, span))
}

function list(exchange: LocalExchange<'traces'>): void {
  const { state, parameters } = exchange
  const began = performance.now()
  const [query, range] = [queryOf(parameters), rangeOf(parameters)]
  const { page, all, next } = listTraces(state.store, {
    query,
    range,
    sort: choiceOf(parameters, 'sort', ['start', 'duration', 'spans', 'errors']),
    ascending: choiceOf(parameters, 'order', ['desc', 'asc']) === 'asc',
    limit: limitOf(parameters),
    cursor: cursorOf(parameters, TRACE_CURSOR),
  })
  answerLocal<'traces'>(exchange, {
    traces: page.map((record) => summarise(record, state.store)),
    next,
    matched: all.length,
    total: state.store.traces.size,
    facets: facetsOf(all),
    apart: all.length === 0 ? matchingApart(state.store, query, range) : undefined,
    took: since(began),
  })
}

function scatter(exchange: LocalExchange<'scatter'>): void {
  const { state, parameters } = exchange
  const began = performance.now()
  const all = matchingTraces(state.store, queryOf(parameters), rangeOf(parameters))
  all.sort((a, b) => b.start - a.start)
  const records = all.slice(0, limitOf(parameters, 5000, 5000))
  const services = new Map<string, number>()
  const service = records.map((record) => {
    const name = factsOf(record).root?.resource.service ?? ''
    if (!services.has(name)) services.set(name, services.size)
    return services.get(name) ?? 0
  })
  answerLocal<'scatter'>(exchange, {
    ids: records.map(({ id }) => id),
    start: records.map(({ start }) => start / 1000),
    duration: records.map(durationOf),
    errors: records.map((record) => factsOf(record).errors),
    service,
    name: records.map((record) => factsOf(record).root?.name ?? ''),
    services: [...services.keys()],
    matched: all.length,
    took: since(began),
  })
}

function logs(exchange: Exchange): void {
  const [record, store] = found(exchange)
  const lines = [...store.logs.ofTrace(record.id)]
  lines.sort((a, b) => a.row.micros - b.row.micros || a.row.nanos - b.row.nanos)
  answerLocal<'traces/{id}/logs'>(exchange, { logs: lines.slice(0, MAX_TRACE_LOGS).map(logLine) })
}

function clear({ state, response }: Exchange): void {
  state.store.clear()
  response.writeHead(204).end()
}

/** Answers as the contract with the page says; `took` is how long it took, in milliseconds. */
function answerLocal<Path extends LocalPath>(
  { response }: Pick<Exchange, 'response'>,
  answer: AnswerOf<Path> & { readonly took?: number },
): void {
  answerJson(response, answer)
}

/** Milliseconds since then, to the microsecond. */
export function since(began: number): number {
  return Math.round((performance.now() - began) * 1000) / 1000
}
