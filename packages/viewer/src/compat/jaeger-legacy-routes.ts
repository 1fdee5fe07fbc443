import { inner, type TraceText, traceParts, tracesOf } from '../formats/trace-parts.ts'
import { answerJson, streamJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { lenientLimitOf, numberOf } from '../http/parameters.ts'
import type { Exchange, Route } from '../ingest/viewer-state.ts'
import { KINDS } from '../model/rows.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { goDuration } from './go-duration.ts'
import { dependencyLinks, operationNames, searchTraces, serviceNames } from './span-search.ts'
import { createJaegerWriter } from './write-jaeger.ts'

/** The JSON API of Jaeger's page, as Grafana's data source uses it, too. */
export const jaegerLegacyRoutes: readonly Route[] = [
  get(/^\/api\/services$/, ({ state }) => serviceNames(state.store)),
  get(/^\/api\/services\/([^/]+)\/operations$/, ({ state, groups }) =>
    unique(operationNames(state.store, groups[0] ?? '').map(({ name }) => name)),
  ),
  get(/^\/api\/operations$/, ({ state, parameters }) =>
    operationNames(state.store, parameters.get('service') ?? '').map(({ name, kind }) => ({
      name,
      spanKind: KINDS[kind],
    })),
  ),
  list(/^\/api\/traces$/, search),
  list(/^\/api\/traces\/([^/]+)$/, one),
  get(/^\/api\/dependencies$/, ({ state, parameters }) => {
    const end = numberOf(parameters, 'endTs') ?? Date.now()
    const from = end - (numberOf(parameters, 'lookback') ?? 86_400_000)
    return dependencyLinks(state.store, { from, to: end }).map(({ parent, child, callCount }) => ({
      parent,
      child,
      callCount,
    }))
  }),
]

function get(pattern: RegExp, read: (exchange: Exchange) => readonly unknown[]): Route {
  return {
    method: 'GET',
    pattern,
    async answer(exchange) {
      await guarded(exchange, () => {
        const data = read(exchange)
        answerJson(exchange.response, { data, ...rest(data.length) })
      })
    },
  }
}

function list(pattern: RegExp, find: (exchange: Exchange) => readonly TraceRecord[]): Route {
  return {
    method: 'GET',
    pattern,
    async answer(exchange) {
      await guarded(exchange, () => {
        const records = find(exchange)
        const after = `],${JSON.stringify(rest(records.length)).slice(1)}`
        const parts = { before: '{"data":[', after, write: jaegerText }
        return streamJson(exchange.response, traceParts(exchange.state.store, records, parts))
      })
    },
  }
}

function jaegerText(id: string): TraceText {
  const writer = createJaegerWriter(id)
  return {
    before: `{"traceID":"${id}","spans":[`,
    spans: (rows) => inner(writer.spans(rows)),
    after: () => `],"processes":${JSON.stringify(writer.processes())},"warnings":null}`,
  }
}

function rest(total: number): Record<string, unknown> {
  return { total, limit: 0, offset: 0, errors: null }
}

/** Says in Jaeger's form what was wrong. */
async function guarded({ response }: Exchange, work: () => void | Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    const errors = [{ code: error.status, msg: error.message }]
    answerJson(response, { data: null, errors }, error.status, error.headers)
  }
}

function search({ state, parameters }: Exchange): TraceRecord[] {
  const ids = parameters.getAll('traceID')
  if (ids.length > 0) return tracesOf(state.store, ids)
  const micros = (name: string): number | undefined => {
    const value = numberOf(parameters, name)
    return value === undefined ? undefined : value / 1000
  }
  return searchTraces(state.store, {
    service: parameters.get('service') ?? '',
    name: parameters.get('operation') ?? '',
    tags: tagsOf(parameters),
    minDuration: durationOf(parameters, 'minDuration') ?? 0,
    maxDuration: durationOf(parameters, 'maxDuration') ?? Number.POSITIVE_INFINITY,
    range: { from: micros('start'), to: micros('end') },
    limit: lenientLimitOf(parameters, 20, 1500),
  })
}

function one({ state, groups }: Exchange): TraceRecord[] {
  const [id = ''] = groups
  const record = state.store.traces.get(id.toLowerCase().padStart(32, '0'))
  if (record === undefined) throw new HttpError(404, 'trace not found')
  return [record]
}

/** `tags` is a JSON object; `tag` is `key:value`, any number of times. */
function tagsOf(parameters: URLSearchParams): [string, string][] {
  const pairs = parameters.getAll('tag').map((tag): [string, string] => {
    const colon = tag.indexOf(':')
    if (colon < 1) throw new HttpError(400, `"tag" must be key:value, not ${tag}`)
    return [tag.slice(0, colon), tag.slice(colon + 1)]
  })
  const json = parameters.get('tags') ?? ''
  return json === '' ? pairs : [...pairs, ...tagsFromJson(json)]
}

/** A JSON object of tags as pairs. @throws HttpError 400 */
export function tagsFromJson(json: string): [string, string][] {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).map(([key, each]) => [key, String(each)])
  } catch {
    // Said below.
  }
  throw new HttpError(400, '"tags" must be a JSON object.')
}

/** A Go duration in nanoseconds; undefined when the parameter is absent. @throws HttpError 400 */
export function durationOf(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name) ?? ''
  if (text === '') return undefined
  const nanos = goDuration(text)
  if (nanos === undefined) throw new HttpError(400, `"${name}" is not a duration: ${text}`)
  return nanos
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
