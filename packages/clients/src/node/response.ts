import { subscribe } from 'node:diagnostics_channel'
import { errorMonitor } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { ClientHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { noteThrown, traceKeeper } from '@callchain/core/internal'
import type { Attempt, AttemptOwner } from '../call/attempt.ts'
import { createObjectStore } from '../call/object-store.ts'

interface Event {
  readonly request: ClientRequest
  readonly response: IncomingMessage
}

interface Http2Response extends IncomingMessage {
  readonly req: ClientRequest & { readonly _request?: Pick<ClientHttp2Stream, 'once' | 'rstCode'> }
}

const onTheWire = createObjectStore<Attempt>()
let subscribed = false

/** Ends an attempt with what becomes of a request of `node:http`. */
export function watchNodeRequest(
  call: AttemptOwner,
  attempt: Attempt,
  request: ClientRequest,
): void {
  onTheWire.set(request, attempt)
  watchResponses()
  request.on('timeout', () => {
    attempt.timedOut = true
  })
  request.on(errorMonitor, (error: Error) => {
    attempt.connection(request.socket)
    const hungUp =
      error.message === 'socket hang up' && isHungUpByApplication(attempt, request.socket)
    call.fail(error, attempt, request.aborted || hungUp)
  })
  request.on('close', () => {
    const { res } = request as { res?: (IncomingMessage & { upgrade?: boolean }) | null }
    // A response ends with its body, and later; an upgrade has none.
    if (res?.upgrade === true) {
      received(attempt, res)
      attempt.end()
    } else if (res === undefined || res === null) {
      // A request over HTTP/2 is closed before it says why.
      call.fail(request.errored, attempt, request.errored === null)
    }
  })
}

// With a listener for `response`, Node would not discard a body that nobody reads; with this it does.
function watchResponses(): void {
  if (subscribed) return
  subscribed = true
  subscribe('http.client.response.finish', (event) => {
    try {
      const { request, response } = event as Event
      const attempt = onTheWire.get(request)
      if (attempt === undefined) return
      onTheWire.forget(request)
      watchResponse(attempt.call, attempt, response)
    } catch (error) {
      noteThrown('tracing a response', error)
    }
  })
}

/** Ends an attempt with the body of a response. Only the first call counts. */
export function watchResponse(
  call: AttemptOwner,
  attempt: Attempt,
  response: IncomingMessage,
): void {
  if (attempt.isAnswered) return
  received(attempt, response)
  const { socket } = response
  if (response.httpVersion === '2.0') watchStream(call, attempt, response as Http2Response)
  else response.on('end', () => attempt.end())
  response.on(errorMonitor, (error: Error) => end(error))
  // Without a listener for the error there is no such event: only the end is missing.
  response.on('close', () => end(socket.errored))
  attempt.endWhenUnread(
    () => response.readableFlowing === null && !response.readableDidRead && !response.destroyed,
  )
  function end(error: Error | null): void {
    if (attempt.isOver) return
    if (response.complete) attempt.end()
    else call.fail(error ?? connectionLost(), attempt, isCalledOff())
  }
  // Over HTTP/2, the connection outlives what becomes of a request.
  function isCalledOff(): boolean {
    const { httpVersion, req } = response as Http2Response
    return httpVersion === '2.0'
      ? req.destroyed && req.errored === null
      : isHungUpByApplication(attempt, socket)
  }
}

function received(attempt: Attempt, response: IncomingMessage): void {
  const { statusCode, httpVersion, socket } = response
  attempt.headers(statusCode)
  if (traceKeeper() !== undefined) attempt.hear((name) => textOf(response.headers[name]))
  attempt.protocolVersion = httpVersion === '2.0' ? '2' : httpVersion
  attempt.connection(socket)
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

// The library below got's HTTP/2 reports a stream that broke off as ended, and does not report one
// that was called off.
function watchStream(call: AttemptOwner, attempt: Attempt, response: Http2Response): void {
  const { req } = response
  const end = (): void => {
    if (req.errored !== null || req.destroyed) call.fail(req.errored, attempt, req.errored === null)
    else if ((req._request?.rstCode ?? 0) !== 0) call.fail(connectionLost(), attempt)
    else attempt.end()
  }
  response.on('end', end)
  req._request?.once('close', () => {
    if (req.destroyed) end()
  })
}

// The other side has neither finished nor failed, so it was the application that hung up.
function isHungUpByApplication({ timedOut }: Attempt, socket: Socket | null | undefined): boolean {
  return !timedOut && !socket?.errored && socket?.readableEnded !== true
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection was lost before the end of the body'), {
    code: 'ECONNRESET',
  })
}
