import { type Attributes, type Context, type Span, TraceFlags, trace } from '@opentelemetry/api'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import type { HttpClientResponse } from '../http/client-exchange.ts'
import { hearAnswer } from '../keep/kept-headers.ts'
import { traceKeeper } from '../keep/trace-keeper.ts'
import { guard, noteThrown } from '../otel/guard.ts'
import { WITHDRAWN } from '../otel/shared-keys.ts'
import { clientErrorType, shownError } from './error.ts'
import { clientDuration } from './metrics.ts'
import type { ClientSettings } from './settings.ts'
import { type Target, targetOf } from './target.ts'

/** An attempt in progress. */
export interface ClientCall {
  /** The CLIENT span. */
  readonly span: Span
  /** The context of the span: run the client in it. */
  readonly context: Context
  /** Whether anyone sees how it ends: nobody does where nothing is recorded or measured. */
  readonly isObserved: boolean
  /** Whether it has a span of its own: it is neither ignored nor traced by somebody else. */
  readonly isTraced: boolean
  /** The URL that its span and its metric tell; `undefined` when it has no span of its own. */
  readonly url: URL | undefined
  /** Tells another URL from now on: the client has sent it elsewhere. */
  moveTo(url: URL): void
  /** Reads what the head of the response says about the trace, if its host is one of ours. */
  hear(header: (name: string) => string | undefined): void
  /** Ends the span. Only the first call counts. */
  receive(response: HttpClientResponse): void
  /** Ends the span so that nobody sees it: nothing went over the wire. */
  discard(): void
}

const NOTHING = {
  isTraced: false,
  url: undefined,
  moveTo() {},
  hear() {},
  receive() {},
  discard() {},
}

/** A call that is not traced. */
export function silentCall(active: Context): ClientCall {
  const span =
    trace.getSpan(active) ?? trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
  return { span, context: active, isObserved: false, ...NOTHING }
}

/** A call whose span has begun. */
export class StartedCall implements ClientCall {
  readonly span: Span
  readonly isObserved: boolean
  readonly isTraced = true
  /** Where it goes. */
  target: Target
  private readonly active: Context
  private readonly method: string
  private readonly settings: Pick<ClientSettings, 'redactQuery' | 'isInternal'>
  /** On the clock of `performance.now()`; `undefined` when nobody measures. */
  private readonly startedAt: number | undefined
  private within: Context | undefined
  private ended = false

  constructor(
    span: Span,
    active: Context,
    target: Target,
    method: string,
    settings: Pick<ClientSettings, 'redactQuery' | 'isInternal'>,
  ) {
    this.span = span
    this.active = active
    this.target = target
    this.method = method
    this.settings = settings
    const isMeasured = clientDuration() !== undefined
    this.isObserved = isMeasured || span.isRecording()
    this.startedAt = isMeasured ? performance.now() : undefined
  }

  // A property: wrappers of clients take it off the call.
  readonly receive = (response: HttpClientResponse): void => {
    if (this.ended) return
    this.ended = true
    try {
      if (this.isObserved) this.finish(response)
      else this.span.end(response.endTime)
    } catch (error) {
      noteThrown('ending a span', error)
    }
  }

  // Made when it is asked for: most clients run in a context of their own.
  get context(): Context {
    this.within ??= trace.setSpan(this.active, this.span)
    return this.within
  }

  get url(): URL {
    return this.target.url
  }

  moveTo(url: URL): void {
    this.target = targetOf(url)
  }

  hear(header: (name: string) => string | undefined): void {
    const keeper = traceKeeper()
    if (keeper === undefined || !this.settings.isInternal(this.target.origin.host)) return
    guard('reading an answer', () => hearAnswer(keeper, header, this.span.spanContext().traceId))
  }

  discard(): void {
    if (this.ended) return
    this.ended = true
    guard('ending a span', () => withdraw(this.span))
  }

  private finish(response: HttpClientResponse): void {
    const { span } = this
    const failure = failureOf(response)
    if (span.isRecording()) {
      addResponse(span, response)
      if (response.cancelled === true) markCalledOff(span, response.endTime)
      if (failure !== undefined) {
        markFailed(span, failure, shownError(response.error, this.settings.redactQuery))
      }
    }
    span.end(response.endTime)
    if (this.startedAt === undefined || response.measured === true) return
    const seconds = ((response.endTime ?? performance.now()) - this.startedAt) / 1000
    this.measure(seconds, response, failure)
  }

  private measure(
    seconds: number,
    { statusCode, protocolVersion }: HttpClientResponse,
    failure: string | undefined,
  ): void {
    const { origin } = this.target
    const attributes: Attributes = {
      [key.HTTP_REQUEST_METHOD]: this.method,
      [key.SERVER_ADDRESS]: origin.host,
      [key.SERVER_PORT]: origin.port,
      [key.URL_SCHEME]: origin.scheme,
    }
    if (statusCode !== undefined) attributes[key.HTTP_RESPONSE_STATUS_CODE] = statusCode
    if (protocolVersion !== undefined) attributes[key.NETWORK_PROTOCOL_VERSION] = protocolVersion
    if (failure !== undefined) attributes[key.ERROR_TYPE] = failure
    clientDuration()?.record(seconds, attributes, this.context)
  }
}

// A span cannot be unmade. Processors of OpenTelemetry let go what is not sampled when it ends.
function withdraw(span: Span): void {
  const spanContext: { traceFlags: number } = span.spanContext()
  spanContext.traceFlags &= ~TraceFlags.SAMPLED
  // Where spans are recorded that are not sampled, the flag says nothing.
  Reflect.set(span, WITHDRAWN, true)
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

// One by one: an object of them all costs more.
function addResponse(span: Span, response: HttpClientResponse): void {
  const { statusCode, protocolVersion, peerAddress, peerPort } = response
  if (statusCode !== undefined) span.setAttribute(key.HTTP_RESPONSE_STATUS_CODE, statusCode)
  if (protocolVersion !== undefined) {
    span.setAttribute(key.NETWORK_PROTOCOL_VERSION, protocolVersion)
  }
  if (peerAddress !== undefined) span.setAttribute(key.NETWORK_PEER_ADDRESS, peerAddress)
  if (peerPort !== undefined) span.setAttribute(key.NETWORK_PEER_PORT, peerPort)
}
