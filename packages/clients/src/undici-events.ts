import { subscribe } from 'node:diagnostics_channel'
import type { HttpClientRequest } from '@callchain/core'
import type { Attempt } from './attempt.ts'
import type { Call } from './call.ts'
import { callInProgress } from './call-context.ts'
import { guarded } from './guarded.ts'

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
let subscribed = false

/**
 * Watches what undici sends for calls in progress: each attempt, redirects included, is seen before
 * it goes out and may have its headers changed.
 */
export function watchUndici(): void {
  if (subscribed) return
  subscribed = true
  on('undici:request:create', ({ request }) => {
    const call = request.method === 'CONNECT' ? undefined : callInProgress()
    if (call === undefined) return
    onTheWire.set(request, { call, attempt: call.sent(readRequest(request)) })
  })
  // These run in the context of the socket, which may be another call's.
  on('undici:client:sendHeaders', ({ request, socket }) => {
    const sent = onTheWire.get(request)
    if (sent === undefined) return
    sent.attempt.protocolVersion = '1.1'
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
  const { headers } = request
  const find = (name: string): number => {
    for (let index = 0; index < headers.length; index += 2) {
      if (String(headers[index]).toLowerCase() === name.toLowerCase()) return index
    }
    return -1
  }
  const removeHeader = (name: string): void => {
    for (let index = find(name); index !== -1; index = find(name)) headers.splice(index, 2)
  }
  return {
    method: request.method,
    url: urlOf(request),
    header: (name) => {
      const index = find(name)
      return index === -1 ? undefined : String(headers[index + 1])
    },
    removeHeader,
    setHeader: (name, value) => {
      removeHeader(name)
      request.addHeader(name, value)
    },
  }
}

// A proxy is asked for the whole URL.
function urlOf({ origin, path }: UndiciRequest): string {
  return URL.canParse(path) ? path : new URL(path, String(origin)).href
}
