import { type Attributes, type Context, type Span, TraceFlags, trace } from '@opentelemetry/api'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import type { HttpClientResponse } from '../http/client-exchange.ts'
import type { QueryRedactor } from '../http/url-redaction.ts'
import { guard } from '../otel/guard.ts'
import { hostOf } from './attributes.ts'
import { clientErrorType, shownError } from './error.ts'
import { clientDuration } from './metrics.ts'

/** An attempt in progress. */
export interface ClientCall {
  /** The CLIENT span. */
  readonly span: Span
  /** The context of the span: run the client in it. */
  readonly context: Context
  /** Whether anyone sees how it ends: nobody does where nothing is recorded or measured. */
  readonly isObserved: boolean
  /**
   * The URL that its span and its metric tell; `undefined` when it has no span of its own: it is
   * ignored, or traced by somebody else.
   */
  readonly url: URL | undefined
  /** Tells another URL from now on: the client has sent it elsewhere. */
  moveTo(url: URL): void
  /** Ends the span. Only the first call counts. */
  receive(response: HttpClientResponse): void
  /** Ends the span so that nobody sees it: nothing went over the wire. */
  discard(): void
}

const NOTHING = { url: undefined, moveTo() {}, receive() {}, discard() {} }

/** A call that is not traced. */
export function silentCall(active: Context): ClientCall {
  const span =
    trace.getSpan(active) ?? trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
  return { span, context: active, isObserved: false, ...NOTHING }
}

/** A call whose span has begun. */
export function startedCall(
  span: Span,
  within: Context,
  url: URL,
  method: string,
  redactQuery: QueryRedactor,
): ClientCall {
  const isObserved = span.isRecording() || clientDuration() !== undefined
  const startedAt = isObserved ? performance.now() : 0
  let ended = false
  let target = url
  return {
    span,
    context: within,
    isObserved,
    get url() {
      return target
    },
    moveTo: (moved) => {
      target = moved
    },
    discard: () => {
      if (ended) return
      ended = true
      guard('ending a span', () => withdraw(span))
    },
    receive: (response) => {
      if (ended) return
      ended = true
      if (isObserved) guard('ending a span', () => finish(response))
      else span.end(response.endTime)
    },
  }

  function finish(response: HttpClientResponse): void {
    const failure = failureOf(response)
    if (span.isRecording()) {
      span.setAttributes(responseAttributes(response))
      if (response.cancelled === true) markCalledOff(span, response.endTime)
      if (failure !== undefined) markFailed(span, failure, shownError(response.error, redactQuery))
    }
    span.end(response.endTime)
    if (response.measured === true) return
    const seconds = ((response.endTime ?? performance.now()) - startedAt) / 1000
    measure(seconds, target, method, response, failure, within)
  }
}

// A span cannot be unmade. Processors of OpenTelemetry let go what is not sampled when it ends.
function withdraw(span: Span): void {
  const spanContext: { traceFlags: number } = span.spanContext()
  spanContext.traceFlags &= ~TraceFlags.SAMPLED
  span.end()
}

// The timer of a library looks like an application that has changed its mind: neither gives a reason.
function markCalledOff(span: Span, time: number | undefined): void {
  span.setAttribute(key.CALLED_OFF, true)
  span.addEvent(key.CALLED_OFF, time)
}

// For a client 4xx is an error as well (HTTP conventions, "Status"); calling it off is not.
function failureOf({ statusCode, error, cancelled }: HttpClientResponse): string | undefined {
  if (cancelled !== true && error !== undefined && error !== null) return clientErrorType(error)
  return statusCode !== undefined && statusCode >= 400 ? String(statusCode) : undefined
}

function responseAttributes(response: HttpClientResponse): Attributes {
  const attributes: Attributes = {}
  const { statusCode, protocolVersion, peerAddress, peerPort } = response
  if (statusCode !== undefined) attributes[key.HTTP_RESPONSE_STATUS_CODE] = statusCode
  if (protocolVersion !== undefined) attributes[key.NETWORK_PROTOCOL_VERSION] = protocolVersion
  if (peerAddress !== undefined) attributes[key.NETWORK_PEER_ADDRESS] = peerAddress
  if (peerPort !== undefined) attributes[key.NETWORK_PEER_PORT] = peerPort
  return attributes
}

function measure(
  seconds: number,
  url: URL,
  method: string,
  { statusCode, protocolVersion }: HttpClientResponse,
  failure: string | undefined,
  within: Context,
): void {
  const duration = clientDuration()
  if (duration === undefined) return
  const attributes: Attributes = {
    [key.HTTP_REQUEST_METHOD]: method,
    [key.SERVER_ADDRESS]: hostOf(url),
    [key.SERVER_PORT]: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    [key.URL_SCHEME]: url.protocol.slice(0, -1),
  }
  if (statusCode !== undefined) attributes[key.HTTP_RESPONSE_STATUS_CODE] = statusCode
  if (protocolVersion !== undefined) attributes[key.NETWORK_PROTOCOL_VERSION] = protocolVersion
  if (failure !== undefined) attributes[key.ERROR_TYPE] = failure
  duration.record(seconds, attributes, within)
}
