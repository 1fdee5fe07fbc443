import { subscribe } from 'node:diagnostics_channel'
import type { HttpClientRequest } from '@callchain/core'
import type { Attempt } from './attempt.ts'
import type { Call } from './call.ts'
import { callInProgress } from './call-context.ts'
import { guarded } from './guarded.ts'
import { onList } from './undici-request.ts'

// What undici publishes, in Node and on npm, since version 6.
interface UndiciRequest {
  readonly origin: unknown
  readonly path: string
  readonly method: string
  /** Names and values by turns. */
  readonly headers: unknown[]
  addHeader(name: string, value: string): unknown
}

interface Event {
  readonly request: UndiciRequest
  readonly response?: { readonly statusCode: number }
  readonly socket?: unknown
  readonly error?: unknown
}

const onTheWire = new WeakMap<object, { call: Call; attempt: Attempt }>()
const marked = new Map<string, Call>()
const markNames = new Set<string>()
let subscribed = false

/**
 * Remembers a call by the header that holds the id of its span, until it is over. Interceptors that
 * redirect and retry send the same headers again, and do so in whatever context the socket is in.
 */
export function markCall(call: Call, written: ReadonlyMap<string, string>): void {
  const spanId = call.current?.span.span.spanContext().spanId
  if (call.current?.span.silent !== false || spanId === undefined) return
  for (const [name, value] of written) {
    if (!value.includes(spanId)) continue
    markNames.add(name)
    marked.set(value, call)
    call.whenOver = () => marked.delete(value)
    return
  }
}

/** The call in progress that a request goes out for, by the header that it is remembered by. */
export function markedCall(request: HttpClientRequest): Call | undefined {
  if (marked.size === 0) return undefined
  for (const name of markNames) {
    const call = marked.get(request.header(name) ?? '')
    if (call !== undefined) return call
  }
  return undefined
}

/**
 * Watches what undici sends for calls in progress: each attempt, redirects included, is seen before
 * it goes out and may have its headers changed.
 */
export function watchUndici(): void {
  if (subscribed) return
  subscribed = true
  on('undici:request:create', ({ request }) => {
    // What goes to a proxy to reach the host is no attempt.
    if (request.method === 'CONNECT') return
    const sent = readRequest(request)
    const call = markedCall(sent) ?? callInProgress()
    if (call !== undefined) onTheWire.set(request, { call, attempt: call.sent(sent) })
  })
  // These run in the context of the socket, which may be another call's.
  on('undici:client:sendHeaders', ({ request, socket }) => {
    const sent = onTheWire.get(request)
    if (sent === undefined) return
    sent.attempt.protocolVersion = isHttp2(socket) ? '2' : '1.1'
    sent.attempt.connection(socket)
  })
  on('undici:request:headers', ({ request, response }) => {
    onTheWire.get(request)?.attempt.headers(response?.statusCode)
  })
  on('undici:request:trailers', ({ request }) => onTheWire.get(request)?.attempt.end())
  on('undici:request:error', ({ request, error }) => {
    const sent = onTheWire.get(request)
    sent?.call.fail(error, sent.attempt)
  })
}

// A subscriber that throws would end the process.
function on(channel: string, listener: (event: Event) => void): void {
  subscribe(channel, (event) => guarded(channel, () => listener(event as Event)))
}

function readRequest(request: UndiciRequest): HttpClientRequest {
  const add = (name: string, value: string): unknown => request.addHeader(name, value)
  return { method: request.method, url: urlOf(request), ...onList(request.headers, add) }
}

// A proxy is asked for the whole URL.
function urlOf({ origin, path }: UndiciRequest): string {
  return URL.canParse(path) ? path : new URL(path, String(origin)).href
}

function isHttp2(socket: unknown): boolean {
  return (socket as { alpnProtocol?: unknown } | undefined)?.alpnProtocol === 'h2'
}
