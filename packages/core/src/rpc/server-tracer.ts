import { context, trace } from '@opentelemetry/api'
import type { ServedRequest } from '../context/scope.ts'
import { recordConflicts } from '../identity/assign.ts'
import { guard } from '../otel/guard.ts'
import { isTracingSuppressed, suppressTracing } from '../otel/suppression.ts'
import { createFormatSource } from '../propagation/header-format.ts'
import { contextOfIncoming, createRequestScope } from '../server/arrival.ts'
import { keeperOf } from '../server/keeper-of.ts'
import { decideParent } from '../server/parent.ts'
import { type ArrivingCall, readArrivingCall, startCallSpan } from './arriving-call.ts'
import type { RpcServerRequest } from './exchange.ts'
import { keptAnswer, noAnswer } from './kept-answer.ts'
import { type RpcServerCall, startedServerCall } from './server-call.ts'
import { type RpcServerOptions, readRpcServerSettings } from './server-options.ts'

/** Receives remote procedure calls. */
export interface RpcServerTracer {
  /**
   * Opens the SERVER span of a call, continuing the caller's trace where the caller is trusted.
   * `undefined` where tracing is suppressed. A call that `ignore` leaves out gets one whose span
   * records nothing and in whose context nothing is traced.
   */
  receive(request: RpcServerRequest): RpcServerCall | undefined
}

/**
 * Makes the tracer that an adapter of an RPC server hands its calls to. Spans, names, status and
 * metrics follow OpenTelemetry's conventions for RPC 1.44, whose status is Release Candidate; trust
 * and identity are those of HTTP. Throws a TypeError that names the option, the value and what is
 * allowed when an option is not allowed.
 *
 * @example
 * ```ts
 * const tracer = createRpcServerTracer({ trust: 'auto' })
 * const call = tracer.receive({
 *   system: 'jsonrpc',
 *   method: 'Stock/get',
 *   peerAddress: socket.remoteAddress,
 *   header: (name) => headers[name],
 *   raw: message,
 * })
 * const result = await runIn(call, () => handle(message))
 * call?.send({ status: 'OK' })
 * ```
 */
export function createRpcServerTracer(options: RpcServerOptions = {}): RpcServerTracer {
  const settings = readRpcServerSettings(options)
  const format = createFormatSource(options.propagator, options.tracerProvider)
  return {
    receive: (request) => {
      const known = format()
      const active = context.active()
      if (isTracingSuppressed(active)) return undefined
      return guard('tracing', () => {
        const arriving = readArrivingCall(settings, known, request, active)
        return isIgnored(arriving) ? ignoredCall(arriving) : begin(arriving)
      })
    },
  }
}

function isIgnored({ settings, request }: ArrivingCall): boolean {
  const { ignore } = settings.options
  return ignore !== undefined && guard('ignore', () => ignore(request.raw)) === true
}

function begin(arriving: ArrivingCall): RpcServerCall {
  const decided = decideParent(arriving)
  const scope = createRequestScope(arriving, decided.parent)
  const span = startCallSpan(arriving, scope, decided)
  const { errorLogs = false } = arriving.settings.options
  const served: ServedRequest = {
    span,
    route: undefined,
    error: undefined,
    rpc: undefined,
    errorLogs,
    kind: 'rpc',
  }
  scope.served = served
  recordConflicts(span, arriving.received.conflicts)
  const keeper = keeperOf(arriving, span)
  const answer = keeper && guard('telling the caller', () => keptAnswer(keeper, span.spanContext()))
  const within = contextOfIncoming(arriving, span, scope)
  return startedServerCall(arriving, served, within, answer ?? noAnswer)
}

function ignoredCall(arriving: ArrivingCall): RpcServerCall {
  const scope = createRequestScope(arriving, undefined)
  return {
    span: trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }),
    context: suppressTracing(contextOfIncoming(arriving, undefined, scope)),
    isObserved: false,
    send: () => {},
    answer: noAnswer,
  }
}
