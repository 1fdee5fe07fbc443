import type { ClientRequest } from 'node:http'
import type { HttpClientRequest } from '@callchain/core'
import type { Attempt } from '../call/attempt.ts'
import type { Call } from '../call/call.ts'
import { guarded } from '../call/guarded.ts'
import { readNodeRequest, urlOfRequest } from './request.ts'
import { watchNodeRequest } from './response.ts'

// What writes the headers of a request out, once, before its first byte.
interface Writing {
  _storeHeader?: (...args: unknown[]) => unknown
}

/**
 * Traces a request of `node:http` that has come to its agent, as an attempt of a call: `single` where
 * no other can follow, so that what becomes of it matters to its span alone.
 */
export function sendNodeRequest(
  call: Call,
  request: ClientRequest,
  options: unknown,
  single = false,
): void {
  // Called off beforehand: it never comes near the wire.
  if (request.destroyed) return
  const written = new Map<string, string | undefined>()
  const noted = noteHeaders(readNodeRequest(request, options), written)
  const attempt = call.sent(noted)
  const { silent, observed } = attempt.span
  if (!silent && (observed || !single)) watchNodeRequest(call, attempt, request)
  if (written.size > 0) sendAgainWhenChanged(call, attempt, noted, written, { request, options })
}

function noteHeaders(
  request: HttpClientRequest,
  written: Map<string, string | undefined>,
): HttpClientRequest {
  return {
    ...request,
    setHeader: (name, value) => {
      written.set(name, value)
      request.setHeader(name, value)
    },
    removeHeader: (name) => {
      written.set(name, undefined)
      request.removeHeader(name)
    },
  }
}

// Many an application sets its headers only after the request was made; the clients of a proxy put
// the whole URL in place of the path.
function sendAgainWhenChanged(
  call: Call,
  attempt: Attempt,
  noted: HttpClientRequest,
  written: ReadonlyMap<string, string | undefined>,
  { request, options }: { request: ClientRequest; options: unknown },
): void {
  const writing = request as Writing
  const { _storeHeader: store } = writing
  if (store === undefined || request.headersSent) return
  const { protocol, host, path } = request
  const isChanged = (name: string): boolean => noted.header(name) !== written.get(name)
  writing._storeHeader = (...args) => {
    guarded('headers', () => {
      const isMoved = request.path !== path
      if (!isMoved && ![...written.keys()].some(isChanged)) return
      // The connection leads where it was made for.
      const url = urlOfRequest({ protocol, host, path: request.path }, options)
      const now = isMoved ? { ...noted, url } : noted
      call.rewrite(now, attempt, isChanged('baggage'))
    })
    return Reflect.apply(store, request, args)
  }
}
