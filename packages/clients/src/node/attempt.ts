import type { ClientRequest } from 'node:http'
import { guard } from '@callchain/core/internal'
import type { Attempt } from '../call/attempt.ts'
import { EditedRequest } from '../call/edited-request.ts'
import type { LogicalCall } from '../call/logical-call.ts'
import { nodeHeaders, urlOfRequest } from './request.ts'
import { watchNodeRequest } from './response.ts'

// What writes the headers of a request out, once, before its first byte.
interface HeaderWriter {
  _storeHeader?: (...args: unknown[]) => unknown
}

/**
 * Traces a request of `node:http` that has reached its agent, as an attempt of a call. `isOnly`: no
 * other attempt can follow, so that what becomes of this one matters to its span alone.
 */
export function sendNodeRequest(
  call: LogicalCall,
  request: ClientRequest,
  options: unknown,
  isOnly = false,
): void {
  // Called off beforehand: it never comes near the wire.
  if (request.destroyed) return
  const headers = nodeHeaders(request)
  const edited = new EditedRequest(request.method, urlOfRequest(request, options), headers)
  const attempt = call.sent(edited)
  const { isObserved } = attempt.clientCall
  if (attempt.isTraced && (isObserved || !isOnly)) watchNodeRequest(call, attempt, request)
  if (!attempt.written.isEmpty) rewriteWhenChanged(call, attempt, edited, { request, options })
}

// Many an application sets its headers only after the request was made; the clients of a proxy put
// the whole URL in place of the path.
function rewriteWhenChanged(
  call: LogicalCall,
  attempt: Attempt,
  edited: EditedRequest,
  { request, options }: { request: ClientRequest; options: unknown },
): void {
  const writer = request as HeaderWriter
  const { _storeHeader: store } = writer
  if (store === undefined || request.headersSent) return
  const { protocol, host, path } = request
  const { written } = attempt
  const isChanged = (name: string, value: string | undefined): boolean =>
    edited.headers.header(name) !== value
  writer._storeHeader = (...args) => {
    guard('tracing headers', () => {
      const isMoved = request.path !== path
      if (!isMoved && !written.some(isChanged)) return
      // The connection leads to the host that it was made for.
      const url = urlOfRequest({ protocol, host, path: request.path }, options)
      const current = isMoved ? new EditedRequest(edited.method, url, edited.headers) : edited
      call.rewriteHeaders(current, attempt, isChanged('baggage', written.writtenBaggage))
    })
    return Reflect.apply(store, request, args)
  }
}
