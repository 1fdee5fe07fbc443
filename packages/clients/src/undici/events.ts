import { subscribe } from 'node:diagnostics_channel'
import { isIP } from 'node:net'
import type { HttpClientRequest } from '@callchain/core'
import { diag } from '@opentelemetry/api'
import type { Attempt } from '../call/attempt.ts'
import { createBeside } from '../call/beside.ts'
import type { Call } from '../call/call.ts'
import { callInProgress } from '../call/call-context.ts'
import { HeaderList } from '../call/header-editing.ts'
import { urlOf } from './request.ts'

// What undici publishes, in Node and on npm, since version 6.
interface UndiciRequest {
  readonly origin: unknown
  /** The `host` header, where one was given. */
  readonly host?: unknown
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

const onTheWire = createBeside<{ call: Call; attempt: Attempt }>()
const marked = new Map<string, Call>()
const markNames = new Set<string>()
const incomplete = new WeakMap<Call, { request: HttpClientRequest; then: () => void }>()
let subscribed = false

/**
 * Remembers a call by the header that holds the id of its span, until it is over. Interceptors that
 * redirect and retry send the same headers again, and do so in whatever context the socket is in.
 */
export function markCall(call: Call): void {
  const spanId = call.current?.span.span.spanContext().spanId
  if (call.current?.span.silent !== false || spanId === undefined) return
  for (const [name, value] of call.written) {
    if (value?.includes(spanId) !== true) continue
    markNames.add(name)
    marked.set(value, call)
    call.whenOver = () => marked.delete(value)
    return
  }
}

/**
 * Has the headers of a call whose host is known on the wire alone written on its own request as well,
 * for what interceptors send again.
 */
export function completeCall(call: Call, request: HttpClientRequest, then: () => void): void {
  incomplete.set(call, { request, then })
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
    const sent = new WireRequest(request)
    const call = markedCall(sent) ?? callInProgress()
    if (call === undefined) return
    call.overUndici = true
    onTheWire.set(request, { call, attempt: send(call, sent, request) })
  })
  // These run in the context of the socket, which may be another call's.
  on('undici:client:sendHeaders', ({ request, socket }) => {
    const sent = onTheWire.get(request)
    if (sent?.attempt.span.observed !== true) return
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

function send(call: Call, sent: HttpClientRequest, request: UndiciRequest): Attempt {
  const rest = incomplete.get(call)
  if (rest === undefined) return call.sent(sent, isLookedUp(request, call))
  incomplete.delete(call)
  const attempt = call.sent(onBoth(sent, rest.request))
  rest.then()
  return attempt
}

// An interceptor has put an address in place of the very name that headers were decided for.
function isLookedUp({ origin, host }: UndiciRequest, call: Call): boolean {
  if (typeof host !== 'string') return false
  const { hostname } = new URL(String(origin))
  const begun = call.begunUrl()
  const isNamed = host === begun?.host || host === begun?.hostname
  return isNamed && isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}

function onBoth(request: HttpClientRequest, other: HttpClientRequest): HttpClientRequest {
  return {
    method: request.method,
    url: request.url,
    header: (name) => request.header(name),
    setHeader: (name, value) => {
      request.setHeader(name, value)
      other.setHeader(name, value)
    },
    removeHeader: (name) => {
      request.removeHeader(name)
      other.removeHeader(name)
    },
  }
}

// A subscriber that throws would end the process.
function on(channel: string, listener: (event: Event) => void): void {
  subscribe(channel, (event) => {
    try {
      listener(event as Event)
    } catch (error) {
      diag.error(`callchain: tracing ${channel} threw`, error)
    }
  })
}

class WireRequest implements HttpClientRequest {
  readonly method: string
  readonly url: string
  readonly #request: UndiciRequest
  readonly #headers: HeaderList

  constructor(request: UndiciRequest) {
    this.method = request.method
    this.url = urlOf(request.origin, request.path)
    this.#request = request
    this.#headers = new HeaderList(request.headers)
  }

  header(name: string): string | undefined {
    return this.#headers.header(name)
  }

  setHeader(name: string, value: string): void {
    this.#headers.removeHeader(name)
    this.#request.addHeader(name, value)
  }

  removeHeader(name: string): void {
    this.#headers.removeHeader(name)
  }
}

function isHttp2(socket: unknown): boolean {
  return (socket as { alpnProtocol?: unknown } | undefined)?.alpnProtocol === 'h2'
}
