import { otherUrls } from '../address/other-urls.ts'
import { completeKeys, completeValues } from '../analysis/completion.ts'
import { listErrors } from '../analysis/list-errors.ts'
import { LOG_CURSOR, listLogs, listSpans } from '../analysis/list-rows.ts'
import { listSlow } from '../analysis/list-slow.ts'
import { SPAN_CURSOR } from '../analysis/newest-spans.ts'
import { operationsOf } from '../analysis/operations.ts'
import { serviceMap } from '../analysis/service-map.ts'
import type { AnswerOf, LocalPath } from '../contract/local-api.ts'
import { answerJson } from '../http/answer.ts'
import { cursorOf, limitOf, type QueryString, queryOf, rangeOf } from '../http/parameters.ts'
import { hintsOf } from '../ingest/hints.ts'
import type { Route } from '../ingest/viewer-state.ts'
import { VERSION } from '../settings/version.ts'
import type { LocalExchange } from './local-exchange.ts'
import { statsOf } from './stats.ts'
import { since } from './trace-routes.ts'

/** What is read of all traces together, and of the viewer itself. */
export const overviewRoutes: readonly Route[] = [
  get('operations', ({ state, parameters }) =>
    operationsOf(state.store, queryOf(parameters), rangeOf(parameters)),
  ),
  get('errors', ({ state, parameters }) => listErrors(state.store, selectionOf(parameters))),
  get('slow', ({ state, parameters }) => listSlow(state.store, selectionOf(parameters))),
  get('map', ({ state, parameters }) =>
    serviceMap(state.store, queryOf(parameters), rangeOf(parameters)),
  ),
  get('spans', ({ state, parameters }) =>
    listSpans(state.store, {
      query: queryOf(parameters),
      range: rangeOf(parameters),
      limit: limitOf(parameters),
      cursor: cursorOf(parameters, SPAN_CURSOR),
    }),
  ),
  get('logs', ({ state, parameters }) =>
    listLogs(state.store, {
      query: queryOf(parameters),
      range: rangeOf(parameters),
      limit: limitOf(parameters),
      cursor: cursorOf(parameters, LOG_CURSOR),
      trace: parameters.get('trace') ?? '',
      span: parameters.get('span') ?? '',
    }),
  ),
  get('keys', ({ state, parameters }) => ({
    keys: completeKeys(state.store, parameters.get('prefix') ?? '', limitOf(parameters, 50)),
  })),
  get('values', ({ state, parameters }) => {
    const key = parameters.get('key') ?? ''
    const prefix = parameters.get('prefix') ?? ''
    return { values: completeValues(state.store, key, prefix, limitOf(parameters, 50)) }
  }),
  get('stats', ({ state }) => statsOf(state)),
  get('services', ({ state }) => ({ services: state.log.arrived })),
  get('trace-links', ({ state }) => ({ links: state.traceLinks })),
  get('receiver', ({ state }) => ({
    endpoint: state.url,
    ...(state.grpcUrl === '' ? {} : { grpcEndpoint: state.grpcUrl }),
    otherEndpoints: otherUrls(state.host, Number(new URL(state.url).port || 80)),
    version: VERSION,
    pid: process.pid,
    started: state.started,
    needsToken: state.token !== undefined,
    exports: state.log.exports,
    services: state.log.services,
    hints: hintsOf(state),
    stats: statsOf(state),
    keep: state.keep,
    forward: state.forward?.figures,
  })),
]

function selectionOf(parameters: QueryString<'q' | 'from' | 'to' | 'limit'>) {
  return {
    query: queryOf(parameters),
    range: rangeOf(parameters),
    limit: limitOf(parameters, 20),
  }
}

function get<Path extends LocalPath>(
  name: Path,
  read: (exchange: LocalExchange<Path>) => AnswerOf<Path>,
): Route {
  return {
    method: 'GET',
    pattern: new RegExp(`^/api/local/${name}$`),
    answer(exchange) {
      const began = performance.now()
      const value = read(exchange)
      answerJson(exchange.response, { ...value, took: since(began) })
    },
  }
}
