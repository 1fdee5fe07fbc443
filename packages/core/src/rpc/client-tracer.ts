import { type Attributes, type Context, context, type Span, SpanKind } from '@opentelemetry/api'
import { type HostSettings, isTracedAlready, writeHeaders } from '../client/write-headers.ts'
import { scopeOf } from '../context/scope.ts'
import * as key from '../http/attributes.ts'
import { traceKeeper } from '../keep/trace-keeper.ts'
import { isForgotten } from '../otel/forgotten.ts'
import { guard, noteThrown } from '../otel/guard.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { createFormatSource, type HeaderFormat } from '../propagation/header-format.ts'
import type { HostMatcher } from '../trust/host-rules.ts'
import { type RpcClientCall, silentClientCall, startedClientCall } from './client-call.ts'
import {
  type RpcClientOptions,
  type RpcClientSettings,
  readRpcClientSettings,
} from './client-options.ts'
import type { RpcClientRequest } from './exchange.ts'
import { methodAttributes } from './metrics.ts'

/** Sends remote procedure calls. */
export interface RpcClientTracer {
  /** Opens the CLIENT span of a call, and writes the metadata that its host may have. */
  send(request: RpcClientRequest): RpcClientCall
}

/**
 * Makes the tracer that an interceptor of an RPC client hands its calls to. Spans, names, status and
 * metrics follow OpenTelemetry's conventions for RPC 1.44, whose status is Release Candidate; which
 * host gets what is decided as for HTTP clients. Throws a TypeError that names the option, the value
 * and what is allowed when an option is not allowed.
 *
 * @example
 * ```ts
 * const tracer = createRpcClientTracer({ internalHosts: ['.acme.io'] })
 * const call = tracer.send(request) // opens the span and writes the metadata
 * const { status } = await context.with(call.context, () => sendOverTheWire(request))
 * call.receive({ status })
 * ```
 */
export function createRpcClientTracer(options: RpcClientOptions = {}): RpcClientTracer {
  const settings = readRpcClientSettings(options)
  const format = createFormatSource(options.propagator, options.tracerProvider)
  return {
    send: (request) => {
      const known = format()
      const active = context.active()
      try {
        return send(settings, known, request, active)
      } catch (error) {
        noteThrown('tracing', error)
        return silentClientCall(active)
      }
    },
  }
}

function send(
  settings: RpcClientSettings,
  format: HeaderFormat,
  request: RpcClientRequest,
  active: Context,
): RpcClientCall {
  const { system, method } = request
  const { ignore, tracerProvider } = settings.options
  const isIgnored =
    ignore !== undefined && guard('ignore', () => ignore({ system, method })) === true
  if (isIgnored || isTracingSuppressed(active)) return silentClientCall(active)
  const hosts = hostRules(settings, request.hosts)
  const [host = ''] = request.hosts
  if (isTracedAlready(request, active, format)) {
    writeHeaders(hosts, format, request, host, active)
    return silentClientCall(active)
  }
  const shared = targetAttributes(request)
  const span = isForgotten(tracerProvider, active)
    ? settings.tracer().startSpan(method, { kind: SpanKind.CLIENT }, active)
    : startSpan(settings, request, shared, active)
  const keeper = hosts.isInternal(host) ? traceKeeper() : undefined
  const call = startedClientCall(span, active, shared, settings.responseMetadata, keeper)
  writeHeaders(hosts, format, request, host, call.context)
  return call
}

// A call may go to any of its hosts: what one of them may not have, none gets.
function hostRules(
  { isInternal, sendsTrace, sendsIdentity }: RpcClientSettings,
  hosts: readonly string[],
): HostSettings {
  const all =
    (matches: HostMatcher): HostMatcher =>
    (host) =>
      hosts.length === 0 ? matches(host) : hosts.every((each) => matches(each))
  return {
    isInternal: all(isInternal),
    sendsTrace: all(sendsTrace),
    sendsIdentity: all(sendsIdentity),
  }
}

function targetAttributes(request: RpcClientRequest): Attributes {
  const { address = request.hosts[0] } = request
  const attributes = methodAttributes(request)
  if (address !== undefined) attributes[key.SERVER_ADDRESS] = address
  if (request.port !== undefined) attributes[key.SERVER_PORT] = request.port
  return attributes
}

function startSpan(
  settings: RpcClientSettings,
  { system, method }: RpcClientRequest,
  shared: Attributes,
  active: Context,
): Span {
  const attributes = { ...shared }
  const scope = scopeOf(active)
  if (scope !== undefined) addIdentityAttributes(attributes, scope, 'other')
  const own = settings.options.attributes
  if (own !== undefined) {
    guard('attributes', () => Object.assign(attributes, own({ system, method })))
  }
  return settings.tracer().startSpan(method, { kind: SpanKind.CLIENT, attributes }, active)
}
