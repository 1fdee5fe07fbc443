import { type Context, type Span, type SpanContext, trace } from '@opentelemetry/api'
import { createRequestContext } from '../context/request-context.ts'
import type { Scope } from '../context/scope.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import { sdkTraits } from '../otel/sdk-traits.ts'
import {
  type ReceivedIdentity,
  receiveIdentity,
  receiveIdentityLate,
} from '../propagation/baggage-identity.ts'
import type { HeaderFormat } from '../propagation/header-format.ts'
import { extractForeign, foreignBaggage, readTrace } from '../propagation/incoming-trace.ts'
import { RequestScope } from '../propagation/request-scope.ts'
import { type Caller, decideTrust, type TrustDecision } from '../trust/trust.ts'
import { FLAG_SAMPLED } from '../w3c/traceparent.ts'
import { serverInstruments } from './metrics.ts'
import type { ServerSettings } from './settings.ts'

/** What is worked out about a request before its span is there. */
export interface IncomingRequest {
  readonly settings: ServerSettings
  readonly request: HttpServerRequest
  /** The context that the request came in. */
  readonly active: Context
  /** What another propagator keeps of an internal caller's headers, on top of `active`. */
  readonly extracted: Context | undefined
  /** The method as spans and metrics carry it. */
  readonly method: string
  /** The scheme that the caller used, as far as proxies of ours say it. */
  readonly scheme: string
  readonly decision: TrustDecision
  /** The caller's place in its trace. */
  readonly remote: SpanContext | undefined
  /** Whether the caller's place is passed on without a span of ours. */
  readonly isPassedOn: boolean
  readonly received: ReceivedIdentity
}

/** Reads a request's headers, as far as its caller is trusted. */
export function readIncomingRequest(
  settings: ServerSettings,
  format: HeaderFormat,
  request: HttpServerRequest,
  active: Context,
): IncomingRequest {
  const decision = decideTrust(settings.trust, request)
  const { foreign, trace: reads } = format
  const extracted =
    reads && foreign !== undefined ? extractForeign(foreign, request, active) : undefined
  const remote = readRemote(request, format, extracted)
  const isPassedOn = decision.caller === 'internal' && isUnkept(settings, remote)
  return {
    settings,
    request,
    active,
    // What a caller on the edge sent is evidence, not instruction: its span alone is read.
    extracted: decision.caller === 'internal' ? extracted : undefined,
    method: settings.knownMethods.has(request.method) ? request.method : OTHER_METHOD,
    scheme: decision.forwarding?.scheme ?? request.scheme,
    decision,
    remote,
    isPassedOn,
    received: readReceived(request, decision.caller, format, isPassedOn),
  }
}

function readRemote(
  request: HttpServerRequest,
  { foreign, trace: reads }: HeaderFormat,
  extracted: Context | undefined,
): SpanContext | undefined {
  if (!reads) return undefined
  if (foreign === undefined) return readTrace(request)
  return extracted === undefined ? undefined : trace.getSpanContext(extracted)
}

/** The context to run the application in. */
export function contextOfIncoming(
  incoming: IncomingRequest,
  span: Span | undefined,
  scope: Scope,
): Context {
  const { active, extracted } = incoming
  if (extracted === undefined) return createRequestContext(active, span, scope)
  return createRequestContext(extracted, span, scope, foreignBaggage(extracted, scope))
}

/** The scope of a request that continues `parent`, or no trace. */
export function createRequestScope(
  { received, remote }: IncomingRequest,
  parent: SpanContext | undefined,
): Scope {
  return new RequestScope(received, remote, parent)
}

// Nothing of an unsampled trace would be kept: its caller's place is passed on as it is.
function isUnkept({ options }: ServerSettings, remote: SpanContext | undefined): boolean {
  return (
    remote !== undefined &&
    (remote.traceFlags & FLAG_SAMPLED) === 0 &&
    options.tracerProvider === undefined &&
    sdkTraits().followsParent === true
  )
}

function readReceived(
  request: HttpServerRequest,
  caller: Caller,
  format: HeaderFormat,
  isPassedOn: boolean,
): ReceivedIdentity {
  // Where nobody counts what is dropped, nobody can tell when it was.
  const isLate = isPassedOn && serverInstruments() === undefined
  const late = isLate ? receiveIdentityLate(request, format) : undefined
  return late ?? receiveIdentity(request, caller, format)
}
