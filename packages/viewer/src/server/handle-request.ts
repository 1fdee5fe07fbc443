import type { IncomingMessage, ServerResponse } from 'node:http'
import { compareRoutes } from '../api/compare-routes.ts'
import { streamRoute } from '../api/live-stream.ts'
import { overviewRoutes } from '../api/overview-routes.ts'
import { traceRoutes } from '../api/trace-routes.ts'
import { transferRoutes } from '../api/transfer-routes.ts'
import { jaegerLegacyRoutes } from '../compat/jaeger-legacy-routes.ts'
import { jaegerRoutes } from '../compat/jaeger-routes.ts'
import { uiRoutes } from '../compat/ui-routes.ts'
import { zipkinRoutes } from '../compat/zipkin-routes.ts'
import type { Health } from '../contract/receiver.ts'
import { allowedOrigin, checkHost, checkSameOrigin, hasToken } from '../http/access.ts'
import { answerError, answerJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { servePage } from '../http/page.ts'
import { findRoute } from '../http/routes.ts'
import { ingest, isIngestPath, refuseExport } from '../ingest/ingest.ts'
import type { Route, ViewerState } from '../ingest/viewer-state.ts'
import { mcpRoute } from '../mcp/mcp-route.ts'
import { hasPattern, runBounded } from '../query/bounded.ts'
import { VERSION } from '../settings/version.ts'
import { answerUnauthorized } from './unauthorized.ts'

const ROUTES: readonly Route[] = [
  ...traceRoutes,
  ...overviewRoutes,
  ...transferRoutes,
  ...compareRoutes,
  streamRoute,
  ...jaegerRoutes,
  ...zipkinRoutes,
  ...jaegerLegacyRoutes,
  ...uiRoutes,
  mcpRoute,
]

const MAX_QUERY_MILLIS = 2000

/** Answers one request. Never throws, and never leaves one unanswered. */
export async function handleRequest(
  state: ViewerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let path = ''
  try {
    const url = urlOfRequest(request)
    path = url.pathname
    await answer(state, request, response, url)
  } catch (error) {
    // Exporters log an answer only when they can read it.
    if (request.method === 'POST' && isIngestPath(path, 'POST'))
      refuseExport(request, response, path, error)
    else answerError(response, error)
  } finally {
    // A body that was not read must not block the connection.
    request.resume()
  }
}

/** @throws HttpError 400 when the target is malformed, as `http://` */
function urlOfRequest({ url = '/' }: IncomingMessage): URL {
  try {
    // A path that begins with two slashes is not a host.
    return new URL(url.startsWith('/') ? `http://viewer${url}` : url, 'http://viewer')
  } catch {
    throw new HttpError(400, 'The path is malformed.')
  }
}

async function answer(
  state: ViewerState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname
  if (path === '/health') return answerJson(response, healthOf(state))
  const isIngest = isIngestPath(path, request.method)
  if (isIngest && allowOrigin(request, response)) return
  if (state.token === undefined) checkHost(request)
  else if (!hasToken(request, state.token)) return answerUnauthorized(state, request, response, url)
  if (isIngest) return receive(state, request, response, path)
  const method = request.method ?? 'GET'
  const found = findRoute(ROUTES, method, path)
  if (found !== undefined) {
    checkSameOrigin(request)
    const { route, groups } = found
    const parameters = url.searchParams
    const work = (): void | Promise<void> =>
      route.answer({ state, request, response, path, parameters, groups })
    const query = parameters.get('q') ?? ''
    return hasPattern(query) ? runBounded(query, MAX_QUERY_MILLIS, work) : work()
  }
  if (path.startsWith('/api/') || (method !== 'GET' && method !== 'HEAD'))
    return refusePath(state, request, path)
  return servePage(response, path)
}

/** What a viewer says of itself to anyone who asks, so that it can be found. */
function healthOf({ token }: ViewerState): Health {
  return { name: 'callchain', version: VERSION, pid: process.pid, needsToken: token !== undefined }
}

function receive(
  state: ViewerState,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (request.method !== 'POST')
    throw new HttpError(405, 'Exporters must use POST here; the page is at /.', {
      allow: 'POST, OPTIONS',
    })
  return ingest(state, request, response, path)
}

/** Answers for browsers on this machine; true when the request was a preflight and is done. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers
  if (origin === undefined) return false
  const allowed = allowedOrigin(origin)
  if (allowed === undefined)
    throw new HttpError(403, 'Pages from other machines may not send to this viewer.')
  response.setHeader('access-control-allow-origin', allowed)
  response.setHeader('vary', 'origin')
  if (request.method !== 'OPTIONS') return false
  response.writeHead(204, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers':
      request.headers['access-control-request-headers'] ?? 'content-type, content-encoding',
    'access-control-max-age': '600',
  })
  response.end()
  return true
}

function refusePath(state: ViewerState, request: IncomingMessage, path: string): never {
  if (request.method === 'POST') {
    const message = `Something was sent to ${path.slice(0, 100)}, which is not an OTLP path: send to ${state.url}/v1/traces, or set OTEL_EXPORTER_OTLP_ENDPOINT=${state.url}`
    state.log.addHint('wrong-path', message, request.socket.remoteAddress)
    throw new HttpError(404, message)
  }
  throw new HttpError(404, `${path.slice(0, 100)} does not exist.`)
}
