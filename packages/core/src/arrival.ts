import type { Attributes, Context, SpanContext } from '@opentelemetry/api'
import type { HttpServerRequest } from './http-server.ts'
import { addIdentityAttributes, type ReceivedIdentity, receiveIdentity } from './identity-wire.ts'
import { readTrace } from './incoming-trace.ts'
import { OTHER_METHOD } from './known-methods.ts'
import { safely } from './safely.ts'
import type { Scope } from './scope.ts'
import { serverAttributes } from './server-attributes.ts'
import type { ServerSettings } from './server-settings.ts'
import { FLAG_RANDOM } from './traceparent.ts'
import { decideTrust, type TrustDecision } from './trust.ts'
import type { WireFormat } from './wire-format.ts'

/** What is worked out about a request before its span is there. */
export interface Arrival {
  readonly settings: ServerSettings
  readonly request: HttpServerRequest
  /** The context that the request came in. */
  readonly active: Context
  /** The method as spans and metrics carry it. */
  readonly method: string
  /** Where routing came first. */
  readonly route: string | undefined
  readonly decision: TrustDecision
  /** The caller's place in its trace. */
  readonly remote: SpanContext | undefined
  readonly received: ReceivedIdentity
}

/** Reads a request's headers, as far as its caller is trusted. */
export function readArrival(
  settings: ServerSettings,
  format: WireFormat,
  request: HttpServerRequest,
  active: Context,
): Arrival {
  const decision = decideTrust(settings.trust, request)
  return {
    settings,
    request,
    active,
    method: settings.knownMethods.has(request.method) ? request.method : OTHER_METHOD,
    route: request.route,
    decision,
    remote: readTrace(request, format),
    received: receiveIdentity(request, decision.caller, format),
  }
}

/** The scope of a request that continues `parent`, or no trace. */
export function createArrivalScope(arrival: Arrival, parent: SpanContext | undefined): Scope {
  const { received, remote } = arrival
  return {
    root: undefined,
    served: undefined,
    inRequest: true,
    identity: received.identity,
    received: received.undeclared,
    receivedView: undefined,
    arrivedBaggage: received.arrived,
    refusedTraceId: parent === undefined ? remote?.traceId : undefined,
    continuedTraceId: parent?.traceId,
    continuedRandom: parent !== undefined && (parent.traceFlags & FLAG_RANDOM) !== 0,
  }
}

/** Everything the SERVER span begins with. */
export function arrivalAttributes(arrival: Arrival, scope: Scope): Attributes {
  const attributes = serverAttributes(arrival)
  addIdentityAttributes(attributes, scope, 'server')
  const own = arrival.settings.options.attributes
  if (own !== undefined) {
    const given = safely('attributes', () => own(arrival.request.raw))
    safely('attributes', () => Object.assign(attributes, given))
  }
  return attributes
}
