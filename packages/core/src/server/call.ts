import type { Attributes, Context, Span } from '@opentelemetry/api'
import type { ServedRequest } from '../context/scope.ts'
import { isHiddenError } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import type { HttpServerResponse } from '../http/server-exchange.ts'
import type { TraceKeeper } from '../keep/trace-keeper.ts'
import { guard } from '../otel/guard.ts'
import type { IncomingRequest } from './incoming-request.ts'
import { keeperOf } from './keeper-of.ts'
import { recordSizes, type ServerInstruments } from './metrics.ts'
import { type ServerOutcome, serverOutcome } from './outcome.ts'

/** A request in progress. */
export interface ServerCall {
  /** The SERVER span. */
  readonly span: Span
  /** Run the application in it. */
  readonly context: Context
  /** The entry that the `server-timing` header of the answer gets, next to the application's own, where `traceResponse` asks for it. */
  readonly traceResponse: string | undefined
  /** Who decides whether the trace is kept, where the caller is one of ours and may be told. */
  readonly keeper?: TraceKeeper | undefined
  /** Whether anybody gets to see how the request ends: nobody does where nothing is recorded. */
  readonly isObserved: boolean
  /** Ends the span. Only the first call counts. */
  send(response: HttpServerResponse): void
}

/** The name of a SERVER span: `{method} {route}`, or `{method}` alone; never a raw path. */
export function serverSpanName(method: string, route: string | undefined): string {
  const verb = method === OTHER_METHOD ? 'HTTP' : method
  return route === undefined ? verb : `${verb} ${route}`
}

/** What a call knows of its request. */
type CallRequest = Pick<
  IncomingRequest,
  'settings' | 'request' | 'method' | 'scheme' | 'decision' | 'remote'
>

/** A call whose SERVER span is ours to end. */
export class OwnCall implements ServerCall {
  readonly span: Span
  readonly context: Context
  readonly traceResponse: string | undefined
  readonly isObserved: boolean
  readonly keeper: TraceKeeper | undefined
  private readonly incoming: CallRequest
  private readonly served: ServedRequest
  private readonly instruments: ServerInstruments | undefined
  private readonly startedAt: number
  private ended = false

  constructor(
    incoming: CallRequest,
    served: ServedRequest,
    context: Context,
    instruments: ServerInstruments | undefined,
    traceResponse: string | undefined,
  ) {
    this.span = served.span
    this.context = context
    this.traceResponse = traceResponse
    this.keeper = keeperOf(incoming, served.span)
    this.isObserved =
      instruments !== undefined ||
      incoming.settings.options.onEnd !== undefined ||
      served.span.isRecording()
    this.incoming = incoming
    this.served = served
    this.instruments = instruments
    this.startedAt = instruments === undefined ? 0 : performance.now()
    instruments?.active.add(1, activeAttributes(incoming))
  }

  send(response: HttpServerResponse): void {
    if (this.ended) return
    this.ended = true
    if (this.isObserved) this.end(response)
    else this.span.end()
  }

  private end(response: HttpServerResponse): void {
    const { incoming, served, span, instruments } = this
    const route = routeOf(served, response)
    const outcome = serverOutcome(response, incoming.settings.clientAbortIsError, served.error)
    if (span.isRecording()) {
      describeEnd(incoming, served, response, route, outcome)
      if (route !== undefined && route !== served.knownRoute) {
        span.updateName(serverSpanName(incoming.method, route))
      }
    }
    callOnEnd(incoming, served, response)
    span.end()
    if (instruments !== undefined) this.measure(instruments, response, route, outcome.failure)
  }

  private measure(
    instruments: ServerInstruments,
    response: HttpServerResponse,
    route: string | undefined,
    failure: string | undefined,
  ): void {
    const { request, settings } = this.incoming
    const active = activeAttributes(this.incoming)
    instruments.active.add(-1, active)
    const attributes: Attributes = {
      ...active,
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
}

function activeAttributes({ method, scheme }: CallRequest): Attributes {
  return { [key.HTTP_REQUEST_METHOD]: method, [key.URL_SCHEME]: scheme }
}

/** A call whose SERVER span another library has opened, and will end: we add what it cannot know. */
export function joinedCall(
  incoming: CallRequest,
  served: ServedRequest,
  context: Context,
): ServerCall {
  const { span } = served
  let ended = false
  return {
    span,
    context,
    traceResponse: undefined,
    isObserved: true,
    send: (response) => {
      if (ended) return
      ended = true
      const route = routeOf(served, response)
      const { rpc } = served
      if (rpc !== undefined && route !== undefined) rpc.route = route
      const outcome = serverOutcome(response, incoming.settings.clientAbortIsError, served.error)
      describeEnd(incoming, served, response, route, outcome)
      if (rpc === undefined && route !== undefined)
        span.updateName(serverSpanName(incoming.method, route))
      callOnEnd(incoming, served, response)
    },
  }
}

function routeOf(
  { route, knownRoute, rpc, proposedRoute }: ServedRequest,
  response: HttpServerResponse,
): string | undefined {
  return route ?? response.route ?? knownRoute ?? rpc?.route ?? proposedRoute
}

function describeEnd(
  { settings }: CallRequest,
  served: ServedRequest,
  response: HttpServerResponse,
  route: string | undefined,
  { failure, exception }: ServerOutcome,
): void {
  const { span, knownRoute } = served
  const { statusCode } = response
  if (statusCode !== undefined) span.setAttribute(key.HTTP_RESPONSE_STATUS_CODE, statusCode)
  if (route !== undefined && route !== knownRoute) span.setAttribute(key.HTTP_ROUTE, route)
  for (const name of settings.responseHeaders) {
    const value = response.header(name)
    if (value !== undefined) span.setAttribute(key.HTTP_RESPONSE_HEADER_PREFIX + name, [value])
  }
  if (failure !== undefined) {
    markFailed(span, failure, exception, isHiddenError(exception, served))
  }
}

function callOnEnd(
  { settings, request }: CallRequest,
  { span }: ServedRequest,
  response: HttpServerResponse,
): void {
  const { onEnd } = settings.options
  if (onEnd !== undefined) guard('onEnd', () => onEnd(span, request.raw, response.statusCode))
}
