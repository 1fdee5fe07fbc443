import { completeValues } from '../analysis/completion.ts'
import { inner, type TraceText, traceParts, tracesOf } from '../formats/trace-parts.ts'
import { answerJson, streamJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { lenientLimitOf, numberOf } from '../http/parameters.ts'
import type { Exchange, Route } from '../ingest/viewer-state.ts'
import { firstAttribute, textOf } from '../model/attributes.ts'
import { PEER } from '../model/conventions.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { dependencyLinks, operationNames, searchTraces, serviceNames } from './span-search.ts'
import { toZipkinJson } from './write-zipkin.ts'

const DAY_MILLIS = 86_400_000

/** Zipkin's reading API (zipkin2-api.yaml). */
export const zipkinRoutes: readonly Route[] = [
  get('services', ({ state }) => lower(serviceNames(state.store))),
  get('spans', ({ state, parameters }) =>
    lower(operationNames(state.store, service(parameters)).map(({ name }) => name)),
  ),
  get('remoteServices', ({ state, parameters }) => remoteNames(state.store, service(parameters))),
  list('traces', search),
  get('trace/([^/]+)', ({ state, groups }) => {
    const record = traceOf(state.store, groups[0] ?? '')
    if (record === undefined) throw new HttpError(404, 'This trace was not found.')
    return toZipkinJson(record)
  }),
  list('traceMany', many),
  get('dependencies', ({ state, parameters }) => {
    const to = numberOf(parameters, 'endTs')
    if (to === undefined) throw new HttpError(400, '"endTs" is required.')
    const from = to - (numberOf(parameters, 'lookback') ?? DAY_MILLIS)
    return dependencyLinks(state.store, { from, to }).map((link) => ({
      parent: link.parent.toLowerCase(),
      child: link.child.toLowerCase(),
      callCount: link.callCount,
      errorCount: link.errorCount || undefined,
    }))
  }),
  get('autocompleteKeys', () => ['tenant.id', 'user.id', 'http.route']),
  get('autocompleteValues', ({ state, parameters }) =>
    completeValues(state.store, parameters.get('key') ?? '', '', 100).map(({ value }) => value),
  ),
]

function get(name: string, read: (exchange: Exchange) => unknown): Route {
  return {
    method: 'GET',
    pattern: new RegExp(`^(?:/zipkin)?/api/v2/${name}$`),
    answer: (exchange) => answerJson(exchange.response, read(exchange)),
  }
}

/** A trace as a list of spans. */
function zipkinText(id: string): TraceText {
  return { before: '[', spans: (spans) => inner(toZipkinJson({ id, spans })), after: () => ']' }
}

function list(name: string, find: (exchange: Exchange) => readonly TraceRecord[]): Route {
  return {
    method: 'GET',
    pattern: new RegExp(`^(?:/zipkin)?/api/v2/${name}$`),
    answer: (exchange) =>
      streamJson(
        exchange.response,
        traceParts(exchange.state.store, find(exchange), {
          ...{ before: '[', after: ']', write: zipkinText },
        }),
      ),
  }
}

function service(parameters: URLSearchParams): string {
  return parameters.get('serviceName') ?? ''
}

function search({ state, parameters }: Exchange): TraceRecord[] {
  const to = numberOf(parameters, 'endTs') ?? Date.now()
  const maxMicros = numberOf(parameters, 'maxDuration') ?? Number.POSITIVE_INFINITY
  return searchTraces(state.store, {
    service: service(parameters),
    name: parameters.get('spanName') ?? '',
    tags: annotationsOf(parameters.get('annotationQuery') ?? ''),
    minDuration: (numberOf(parameters, 'minDuration') ?? 0) * 1000,
    maxDuration: maxMicros * 1000,
    range: { from: to - (numberOf(parameters, 'lookback') ?? DAY_MILLIS), to },
    limit: lenientLimitOf(parameters, 10, 1500),
  })
}

/** `error and http.method=GET`: keys that are there, or have a value. */
function annotationsOf(query: string): [string, string | undefined][] {
  return query
    .split(/\s+and\s+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      return equals < 0 ? [part, undefined] : [part.slice(0, equals), part.slice(equals + 1)]
    })
}

function many({ state, parameters }: Exchange): TraceRecord[] {
  const ids = (parameters.get('traceIds') ?? '').split(',').filter((id) => id !== '')
  if (ids.length < 2)
    throw new HttpError(400, '"traceIds" must be at least two ids, separated by commas.')
  return tracesOf(state.store, ids)
}

function traceOf(store: MemoryStore, id: string): TraceRecord | undefined {
  return store.traces.get(id.toLowerCase().padStart(32, '0'))
}

function remoteNames(store: MemoryStore, from: string): string[] {
  const names = new Set<string>()
  for (const record of store.traces.values())
    for (const span of record.spans) {
      if (span.resource.service.toLowerCase() !== from.toLowerCase()) continue
      const peer = textOf(firstAttribute(span, PEER))
      if (peer !== '') names.add(peer.toLowerCase())
    }
  return [...names].sort()
}

function lower(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))]
}
