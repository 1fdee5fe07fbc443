import { toOtlpJson } from '../formats/write-otlp.ts'
import { answerJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import type { Exchange, Route } from '../ingest/viewer-state.ts'
import { KINDS } from '../model/rows.ts'
import { toNanoString } from '../model/time.ts'
import { factsOf } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { durationOf, tagsFromJson } from './jaeger-legacy-routes.ts'
import { operationNames, searchTraces, serviceNames } from './span-search.ts'

/** Jaeger's query API, version 3 (jaeger-idl, api_v3/query_service.proto, over HTTP). */
export const jaegerRoutes: readonly Route[] = [
  get(/^\/api\/v3\/services$/, ({ state }) => ({ services: serviceNames(state.store) })),
  get(/^\/api\/v3\/operations$/, ({ state, parameters }) => {
    const kind = parameter(parameters, 'spanKind') ?? ''
    return {
      operations: operationNames(state.store, parameter(parameters, 'service') ?? '')
        .map(({ name, kind: number }) => ({ name, spanKind: KINDS[number] ?? 'unspecified' }))
        .filter(({ spanKind }) => kind === '' || kind === spanKind),
    }
  }),
  get(/^\/api\/v3\/traces$/, (exchange) => result(find(exchange), 'no traces found')),
  get(/^\/api\/v3\/traces\/([^/]+)$/, ({ state, groups }) => {
    const record = state.store.traces.get((groups[0] ?? '').toLowerCase().padStart(32, '0'))
    return result(record ? [record] : [], 'trace not found')
  }),
  get(/^\/api\/v3\/trace-summaries$/, (exchange) => ({
    summaries: find(exchange).map(summaryOf),
  })),
]

function get(pattern: RegExp, read: (exchange: Exchange) => unknown): Route {
  return {
    method: 'GET',
    pattern,
    answer(exchange) {
      try {
        answerJson(exchange.response, read(exchange))
      } catch (error) {
        if (!(error instanceof HttpError)) throw error
        const { status: httpCode, message } = error
        answerJson(exchange.response, { error: { httpCode, message } }, httpCode)
      }
    },
  }
}

function result(records: readonly TraceRecord[], message: string): unknown {
  if (records.length === 0) throw new HttpError(404, message)
  return {
    result: {
      resourceSpans: toOtlpJson({ traces: records, logs: [], isPlaced: true }).resourceSpans,
    },
  }
}

function find({ state, parameters }: Exchange): TraceRecord[] {
  const query = new URLSearchParams()
  for (const name of ['durationMin', 'durationMax']) {
    const value = parameter(parameters, `query.${name}`)
    if (value !== undefined) query.set(name, value)
  }
  const depth = Number(parameter(parameters, 'query.searchDepth') ?? 100)
  const json = parameter(parameters, 'query.attributes') ?? ''
  return searchTraces(state.store, {
    service: parameter(parameters, 'query.serviceName') ?? '',
    name: parameter(parameters, 'query.operationName') ?? '',
    tags: json === '' ? [] : tagsFromJson(json),
    minDuration: durationOf(query, 'durationMin') ?? 0,
    maxDuration: durationOf(query, 'durationMax') ?? Number.POSITIVE_INFINITY,
    range: {
      from: timeOf(parameters, 'query.startTimeMin'),
      to: timeOf(parameters, 'query.startTimeMax'),
    },
    limit: Number.isInteger(depth) && depth > 0 ? Math.min(depth, 1500) : 100,
  })
}

/** A parameter in camel case, else in snake case, as some clients send it. */
function parameter(parameters: URLSearchParams, name: string): string | undefined {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return parameters.get(name) ?? parameters.get(snake) ?? undefined
}

/** RFC 3339 with up to nanoseconds, in milliseconds since 1970. */
function timeOf(parameters: URLSearchParams, name: string): number {
  const text = parameter(parameters, name)
  if (text === undefined) throw new HttpError(400, `${name} is required`)
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? ''
  const whole = Date.parse(text.replace(/\.\d+/, ''))
  if (Number.isNaN(whole)) throw new HttpError(400, `malformed ${name}: ${text}`)
  return whole + Number(`0.${fraction || 0}`) * 1000
}

function summaryOf(record: TraceRecord): unknown {
  const facts = factsOf(record)
  const begin = { micros: record.start, nanos: record.startNanos }
  return {
    traceId: record.id,
    rootServiceName: facts.root?.resource.service ?? '',
    rootOperationName: facts.root?.name ?? '',
    minStartTimeUnixNano: toNanoString(begin),
    maxEndTimeUnixNano: toNanoString(begin, record.duration),
    spanCount: record.spans.length,
    errorSpanCount: facts.errors,
    orphanSpanCount: facts.orphans,
    services: facts.services.map(({ name, spans, errors }) => ({
      name,
      spanCount: spans,
      errorSpanCount: errors,
    })),
  }
}
