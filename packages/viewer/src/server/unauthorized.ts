import type { IncomingMessage, ServerResponse } from 'node:http'
import { isSame, tokenCookie } from '../http/access.ts'
import { HttpError } from '../http/errors.ts'
import { answerTokenPage, wantsPage } from '../http/token-page.ts'
import { isIngestPath } from '../ingest/ingest.ts'
import { NEEDS_TOKEN, noteMissingToken } from '../ingest/token-needed.ts'
import type { ViewerState } from '../ingest/viewer-state.ts'

/**
 * Answers a request without the token: with `?token=…` the page gets its cookie, a browser is asked
 * for it, and a sender is noted, since none of its spans will show.
 *
 * @throws HttpError 401
 */
export function answerUnauthorized(
  state: ViewerState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): void {
  const given = url.searchParams.get('token')
  if (given !== null && request.method === 'GET' && isSame(given, state.token ?? '')) {
    giveCookie(given, response, url)
    return
  }
  if (wantsPage(request)) {
    answerTokenPage(response, url)
    return
  }
  if (request.method === 'POST' && isIngestPath(url.pathname))
    noteMissingToken(state, request.socket.remoteAddress)
  throw new HttpError(401, NEEDS_TOKEN, { 'www-authenticate': 'Bearer' })
}

function giveCookie(token: string, response: ServerResponse, url: URL): void {
  url.searchParams.delete('token')
  // Always a path of this viewer, whatever slashes the URL begins with.
  const location = `/${url.pathname.replace(/^\/+/, '')}${url.search}`
  const headers = { location, 'set-cookie': tokenCookie(token), 'cache-control': 'no-store' }
  response.writeHead(303, { ...headers, 'referrer-policy': 'no-referrer' }).end()
}
