import { subscribe } from 'node:diagnostics_channel'
import { isIP } from 'node:net'
import { noteThrown, parseUrl, traceKeeper } from '@callchain/core/internal'
import type { Attempt } from '../call/attempt.ts'
import { callInProgress } from '../call/call-context.ts'
import { EditedRequest } from '../call/edited-request.ts'
import { HeaderList } from '../call/header-editing.ts'
import type { LogicalCall } from '../call/logical-call.ts'
import { createObjectStore } from '../call/object-store.ts'
import { dispatchedAttempt } from './dispatching.ts'
import { markCall, markedCall } from './marked-calls.ts'
import { urlOf } from './request.ts'

// What undici publishes, in Node and on npm, since version 6.
interface UndiciRequest {
  readonly origin: unknown
  /** The `host` header, where one was given. */
  readonly host?: unknown
  readonly path: string
  readonly method: string
  /** Alternating names and values. */
  readonly headers: unknown[]
  addHeader(name: string, value: string): unknown
}

interface Event {
  readonly request: UndiciRequest
  readonly response?: { readonly statusCode: number; readonly headers?: unknown[] }
  readonly socket?: unknown
  readonly error?: unknown
}

/** The attempts of the requests that undici is sending. */
const requests = createObjectStore<Attempt>()
let subscribed = false

/**
 * Watches what undici sends for calls in progress: each attempt, redirects included, is seen before
 * it goes out and may have its headers changed.
 */
export function watchUndici(): void {
  if (subscribed) return
  subscribed = true
  on('undici:request:create', ({ request }) => {
    // A request to a proxy that opens the way to the host is not an attempt.
    if (request.method === 'CONNECT') return
    const attempt = dispatchedAttempt(request) ?? attemptOf(request)
    if (attempt === undefined) return
    attempt.sent()
    attempt.call.isOverUndici = true
    requests.set(request, attempt)
  })
  // These run in the context of the socket, which may be another call's.
  on('undici:client:sendHeaders', ({ request, socket }) => {
    const attempt = requests.get(request)
    if (attempt?.clientCall.isObserved !== true) return
    attempt.protocolVersion = isHttp2(socket) ? '2' : '1.1'
    attempt.connection(socket)
  })
  on('undici:request:headers', ({ request, response }) => {
    const attempt = requests.get(request)
    attempt?.headers(response?.statusCode)
    if (attempt === undefined || traceKeeper() === undefined) return
    const headers = new HeaderList(response?.headers ?? [])
    attempt.hear((name) => headers.header(name))
  })
  on('undici:request:trailers', ({ request }) => {
    requests.get(request)?.end()
    requests.forget(request)
  })
  on('undici:request:error', ({ request, error }) => {
    const attempt = requests.get(request)
    attempt?.call.fail(error, attempt)
    requests.forget(request)
  })
}

function attemptOf(request: UndiciRequest): Attempt | undefined {
  const edited = editRequest(request)
  const call = markedCall(edited) ?? callInProgress()
  return call && send(call, request, edited)
}

function send(call: LogicalCall, request: UndiciRequest, edited: EditedRequest): Attempt {
  const { begun } = call
  if (begun === undefined || begun.request.url !== '') {
    const named = begun !== undefined && isLookedUp(request, begun) ? begun.request.url : undefined
    return call.sent(named === undefined ? edited : editRequest(request, named))
  }
  // Its host is known on the wire only: its headers go on the dispatched request as well, for the
  // interceptors that send that again.
  const attempt = call.sent(edited)
  copyHeaders(attempt, begun.request)
  markCall(call)
  return attempt
}

function copyHeaders({ written }: Attempt, { headers }: EditedRequest): void {
  written.some((name, value) => {
    if (value === undefined) headers.removeHeader(name)
    else headers.setHeader(name, value)
    return false
  })
}

// Whether an interceptor has replaced the name that the headers were decided for with its address.
function isLookedUp({ origin, host }: UndiciRequest, begun: Attempt): boolean {
  if (typeof host !== 'string') return false
  const named = parseUrl(begun.request.url)
  if (named === undefined) return false
  const { hostname } = new URL(String(origin))
  const isNamed = host === named.host || host === named.hostname
  return isNamed && isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}

// A subscriber that throws would end the process.
function on(channel: string, listener: (event: Event) => void): void {
  const name = `tracing ${channel}`
  subscribe(channel, (event) => {
    try {
      listener(event as Event)
    } catch (error) {
      noteThrown(name, error)
    }
  })
}

function editRequest(
  request: UndiciRequest,
  url: string = urlOf(request.origin, request.path),
): EditedRequest {
  const { method, headers } = request
  const list = new HeaderList(headers, (name, value) => request.addHeader(name, value))
  return new EditedRequest(method, url, list)
}

function isHttp2(socket: unknown): boolean {
  return (socket as { alpnProtocol?: unknown } | undefined)?.alpnProtocol === 'h2'
}
