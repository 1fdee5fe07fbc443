import { type Span, SpanKind, trace } from '@opentelemetry/api'
import { activeContext, enterContext } from '../context/direct-context.ts'
import { createRequestContext } from '../context/request-context.ts'
import type { Scope } from '../context/scope.ts'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import { recordConflicts } from '../identity/assign.ts'
import { guard } from '../otel/guard.ts'
import { isTracingSuppressed, suppressTracing } from '../otel/suppression.ts'
import { createFormatSource } from '../propagation/header-format.ts'
import { traceparentOf } from '../propagation/outgoing-headers.ts'
import { contextOfIncoming, createRequestScope } from './arrival.ts'
import { spanAttributes } from './attributes.ts'
import { OwnCall, type ServerCall, serverSpanName } from './call.ts'
import { type IncomingRequest, readIncomingRequest } from './incoming-request.ts'
import { joinExisting } from './join-existing.ts'
import { serverInstruments } from './metrics.ts'
import type { TracingOptions } from './options.ts'
import { decideParent, type ParentDecision } from './parent.ts'
import { readServerSettings, type ServerSettings } from './settings.ts'

/** Receives requests. */
export interface ServerTracer {
  /**
   * Opens the SERVER span of a request, continuing the caller's trace where the caller is trusted.
   * `undefined` where there is nothing to do because tracing is suppressed. A request that `ignore`
   * leaves out gets a call whose span records nothing and in whose context nothing is traced.
   */
  receive(request: HttpServerRequest): ServerCall | undefined
}

/**
 * Makes the tracer that an adapter hands its requests to. Throws a TypeError that names the option,
 * the value and what is allowed when an option is not allowed.
 *
 * @example
 * ```ts
 * const tracer = createServerTracer({ trust: 'auto' })
 * createServer((req, res) => {
 *   const call = traceNodeRequest(tracer, req, res, { route: () => '/hello' })
 *   runIn(call, () => res.end('hello'))
 * })
 * ```
 */
export function createServerTracer(options: TracingOptions = {}): ServerTracer {
  const settings = readServerSettings(options)
  const format = createFormatSource(options.propagator, options.tracerProvider)
  return {
    receive: (request) => {
      const known = format()
      const active = activeContext()
      if (isTracingSuppressed(active)) return undefined
      return receive(settings, readIncomingRequest(settings, known, request, active))
    },
  }
}

/**
 * Runs the application in the call's context; without a call, as it is.
 *
 * @example
 * ```ts
 * const call = tracer.receive(request)
 * runIn(call, () => handle(req, res))
 * ```
 */
export function runIn<T>(call: Pick<ServerCall, 'context'> | undefined, callback: () => T): T {
  return call === undefined ? callback() : enterContext(call.context, callback)
}

function receive(settings: ServerSettings, incoming: IncomingRequest): ServerCall {
  const { ignore } = settings.options
  if (ignore !== undefined && guard('ignore', () => ignore(incoming.request.raw)) === true) {
    return ignoredCall(incoming)
  }
  return joinExisting(incoming) ?? begin(incoming)
}

function begin(incoming: IncomingRequest): ServerCall {
  const { settings, request, received } = incoming
  const knownRoute = request.route
  const decided = decideParent(incoming)
  const scope = createRequestScope(incoming, decided.parent)
  const span = startSpan(incoming, scope, decided, knownRoute)
  const { errorLogs = false, traceResponse } = settings.options
  const served = { span, knownRoute, route: undefined, error: undefined, rpc: undefined, errorLogs }
  scope.served = served
  recordConflicts(span, received.conflicts)
  const within = contextOfIncoming(incoming, span, scope)
  const sentBack = traceResponse === true ? traceResponseOf(span, scope) : undefined
  return new OwnCall(incoming, served, within, serverInstruments(), sentBack)
}

function traceResponseOf(span: Span, scope: Scope): string | undefined {
  const spanContext = span.spanContext()
  if (!trace.isSpanContextValid(spanContext)) return undefined
  return `trace;desc=${traceparentOf(spanContext, scope)}`
}

function startSpan(
  incoming: IncomingRequest,
  scope: Scope,
  { parent, link, base }: ParentDecision,
  route: string | undefined,
): Span {
  const { settings, method, isPassedOn } = incoming
  const parentSpan = parent === undefined ? undefined : trace.wrapSpanContext(parent)
  if (isPassedOn && parentSpan !== undefined) return parentSpan
  const attributes = spanAttributes(incoming, scope, route)
  return settings
    .tracer()
    .startSpan(
      serverSpanName(method, route),
      link === undefined
        ? { kind: SpanKind.SERVER, attributes }
        : { kind: SpanKind.SERVER, attributes, links: [link] },
      createRequestContext(base, parentSpan, scope),
    )
}

function ignoredCall(incoming: IncomingRequest): ServerCall {
  const scope = createRequestScope(incoming, undefined)
  return {
    span: trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }),
    context: suppressTracing(contextOfIncoming(incoming, undefined, scope)),
    traceResponse: undefined,
    isObserved: false,
    send: () => {},
  }
}
