import type { Attributes, Context, Span } from '@opentelemetry/api'
import type { ServedRequest } from '../context/scope.ts'
import { isHiddenError } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import type { HttpServerRequest, HttpServerResponse } from '../http/server-exchange.ts'
import { guard } from '../otel/guard.ts'
import { recordSizes, type ServerInstruments } from './metrics.ts'
import { type ServerOutcome, serverOutcome } from './outcome.ts'
import type { ServerSettings } from './settings.ts'

/** A request in progress. */
export interface ServerCall {
  /** The SERVER span. */
  readonly span: Span
  /** Run the application in it. */
  readonly context: Context
  /** The value for a `traceresponse` header, where one was asked for. */
  readonly traceResponse: string | undefined
  /** Whether anybody gets to see how the request ends: nobody does where nothing is recorded. */
  readonly isObserved: boolean
  /** Ends the span. Only the first call counts. */
  send(response: HttpServerResponse): void
}

/** What every call is made of. */
export interface CallParts {
  readonly settings: ServerSettings
  readonly request: HttpServerRequest
  /** The method as the span carries it. */
  readonly method: string
  readonly scheme: string
  /** The route that was known when the span was named. */
  readonly route: string | undefined
  readonly served: ServedRequest
  readonly context: Context
  readonly traceResponse: string | undefined
  readonly instruments: ServerInstruments | undefined
}

/** The name of a SERVER span: `{method} {route}`, or `{method}` alone; never a raw path. */
export function serverSpanName(method: string, route: string | undefined): string {
  const verb = method === OTHER_METHOD ? 'HTTP' : method
  return route === undefined ? verb : `${verb} ${route}`
}

/** A call whose SERVER span is ours to end. */
export function ownCall(parts: CallParts): ServerCall {
  return new OwnCall(parts)
}

class OwnCall implements ServerCall {
  readonly span: Span
  readonly context: Context
  readonly traceResponse: string | undefined
  readonly isObserved: boolean
  private readonly parts: CallParts
  private readonly startedAt: number
  private ended = false

  constructor(parts: CallParts) {
    this.parts = parts
    this.span = parts.served.span
    this.context = parts.context
    this.traceResponse = parts.traceResponse
    this.isObserved =
      this.span.isRecording() ||
      parts.instruments !== undefined ||
      parts.settings.options.onEnd !== undefined
    this.startedAt = parts.instruments === undefined ? 0 : performance.now()
    parts.instruments?.active.add(1, this.activeAttributes())
  }

  send(response: HttpServerResponse): void {
    if (this.ended) return
    this.ended = true
    if (this.isObserved) this.end(response)
    else this.span.end()
  }

  private end(response: HttpServerResponse): void {
    const { parts, span } = this
    const { settings } = parts
    const route = routeOf(parts, response)
    const outcome = serverOutcome(response, settings.clientAbortIsError, parts.served.error)
    if (span.isRecording()) {
      describeEnd(parts, response, route, outcome)
      if (route !== undefined && route !== parts.route) {
        span.updateName(serverSpanName(parts.method, route))
      }
    }
    callOnEnd(parts, response)
    span.end()
    if (parts.instruments !== undefined) {
      this.measure(parts.instruments, response, route, outcome.failure)
    }
  }

  private measure(
    instruments: ServerInstruments,
    response: HttpServerResponse,
    route: string | undefined,
    failure: string | undefined,
  ): void {
    const { request, settings } = this.parts
    instruments.active.add(-1, this.activeAttributes())
    const attributes: Attributes = {
      ...this.activeAttributes(),
      [key.NETWORK_PROTOCOL_VERSION]: request.protocolVersion,
    }
    if (response.statusCode !== undefined)
      attributes[key.HTTP_RESPONSE_STATUS_CODE] = response.statusCode
    if (route !== undefined) attributes[key.HTTP_ROUTE] = route
    if (failure !== undefined) attributes[key.ERROR_TYPE] = failure
    const { recordDuration, bodySizes } = settings.options
    const wanted =
      recordDuration === undefined
        ? true
        : guard('recordDuration', () => recordDuration(request.raw))
    if (wanted !== false) {
      instruments.duration.record(
        (performance.now() - this.startedAt) / 1000,
        attributes,
        this.context,
      )
    }
    if (bodySizes === true) recordSizes(instruments, request, response, attributes)
  }

  private activeAttributes(): Attributes {
    return { [key.HTTP_REQUEST_METHOD]: this.parts.method, [key.URL_SCHEME]: this.parts.scheme }
  }
}

/** A call whose SERVER span another library has opened, and will end: we add what it cannot know. */
export function joinedCall(parts: CallParts): ServerCall {
  let ended = false
  return {
    span: parts.served.span,
    context: parts.context,
    traceResponse: parts.traceResponse,
    isObserved: true,
    send: (response) => {
      if (ended) return
      ended = true
      const route = routeOf(parts, response)
      const { rpc, span } = parts.served
      if (rpc !== undefined && route !== undefined) rpc.route = route
      describeEnd(
        parts,
        response,
        route,
        serverOutcome(response, parts.settings.clientAbortIsError, parts.served.error),
      )
      if (rpc === undefined && route !== undefined)
        span.updateName(serverSpanName(parts.method, route))
      callOnEnd(parts, response)
    },
  }
}

function routeOf({ served, route }: CallParts, response: HttpServerResponse): string | undefined {
  return served.route ?? response.route ?? route ?? served.rpc?.route
}

function describeEnd(
  { settings, route: knownRoute, served }: CallParts,
  response: HttpServerResponse,
  route: string | undefined,
  { failure, exception }: ServerOutcome,
): void {
  const { span } = served
  if (response.statusCode !== undefined) {
    span.setAttribute(key.HTTP_RESPONSE_STATUS_CODE, response.statusCode)
  }
  if (route !== undefined && route !== knownRoute) span.setAttribute(key.HTTP_ROUTE, route)
  for (const name of settings.responseHeaders) {
    const value = response.header(name)
    if (value !== undefined) span.setAttribute(key.HTTP_RESPONSE_HEADER_PREFIX + name, [value])
  }
  if (failure !== undefined) {
    markFailed(span, failure, exception, isHiddenError(exception, served))
  }
}

function callOnEnd({ settings, request, served }: CallParts, response: HttpServerResponse): void {
  const { onEnd } = settings.options
  if (onEnd !== undefined) {
    guard('onEnd', () => onEnd(served.span, request.raw, response.statusCode))
  }
}
