import { type Attributes, type Context, type Span, SpanKind, trace } from '@opentelemetry/api'
import { createRequestContext } from '../context/request-context.ts'
import type { Scope } from '../context/scope.ts'
import * as key from '../http/attributes.ts'
import { parseAuthority } from '../http/authority.ts'
import { guard } from '../otel/guard.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import type { HeaderFormat } from '../propagation/header-format.ts'
import { extractForeign } from '../propagation/incoming-trace.ts'
import { type Arrival, isUnkept, readReceived, readRemote } from '../server/arrival.ts'
import type { ParentDecision } from '../server/parent.ts'
import { unmapAddress } from '../trust/ip-address.ts'
import { decideTrust } from '../trust/trust.ts'
import type { RpcServerRequest } from './exchange.ts'
import { methodAttributes, serverCallDuration } from './metrics.ts'
import type { RpcServerSettings } from './server-options.ts'

/** What is worked out about a call before its span is there. */
export interface ArrivingCall extends Arrival {
  readonly settings: RpcServerSettings
  readonly request: RpcServerRequest
}

/** Reads a call's metadata, as far as its caller is trusted. */
export function readArrivingCall(
  settings: RpcServerSettings,
  format: HeaderFormat,
  request: RpcServerRequest,
  active: Context,
): ArrivingCall {
  const decision = decideTrust(settings.trust, request)
  const { foreign, trace: reads } = format
  const extracted =
    reads && foreign !== undefined ? extractForeign(foreign, request, active) : undefined
  const remote = readRemote(request, format, extracted)
  const isPassedOn = decision.caller === 'internal' && isUnkept(settings, remote)
  const isLate = isPassedOn && serverCallDuration() === undefined
  return {
    settings,
    request,
    active,
    extracted: decision.caller === 'internal' ? extracted : undefined,
    decision,
    remote,
    isPassedOn,
    received: readReceived(request, decision.caller, format, isLate),
  }
}

/** Opens the SERVER span; that of the caller stands in for it where nothing would be kept. */
export function startCallSpan(
  arriving: ArrivingCall,
  scope: Scope,
  { parent, link, base }: ParentDecision,
): Span {
  const parentSpan = parent === undefined ? undefined : trace.wrapSpanContext(parent)
  if (arriving.isPassedOn && parentSpan !== undefined) return parentSpan
  const attributes = callAttributes(arriving, scope)
  const links = link === undefined ? [] : [link]
  return arriving.settings
    .tracer()
    .startSpan(
      arriving.request.method,
      { kind: SpanKind.SERVER, attributes, links },
      createRequestContext(base, parentSpan, scope),
    )
}

// Samplers may look at them, so they are there from the start (RPC conventions, "RPC server span").
function callAttributes(arriving: ArrivingCall, scope: Scope): Attributes {
  const { settings, request } = arriving
  const attributes = methodAttributes(request)
  addAddresses(attributes, arriving)
  const { previousAttempts = 0 } = request
  if (previousAttempts > 0) attributes[key.RPC_ATTEMPT] = previousAttempts + 1
  for (const name of settings.requestMetadata) {
    const value = request.header(name)
    if (value !== undefined) attributes[key.RPC_REQUEST_METADATA_PREFIX + name] = [value]
  }
  addIdentityAttributes(attributes, scope, 'server')
  const own = settings.options.attributes
  if (own !== undefined) guard('attributes', () => Object.assign(attributes, own(request.raw)))
  return attributes
}

function addAddresses(attributes: Attributes, { request, decision }: ArrivingCall): void {
  const { peerAddress, peerPort, authority } = request
  const server = parseAuthority(authority)
  if (server !== undefined) {
    attributes[key.SERVER_ADDRESS] = server.host
    if (server.port !== undefined) attributes[key.SERVER_PORT] = server.port
  }
  if (peerAddress !== undefined && peerAddress !== '') {
    const peer = unmapAddress(peerAddress)
    attributes[key.NETWORK_PEER_ADDRESS] = peer
    attributes[key.CLIENT_ADDRESS] = peer
    if (peerPort !== undefined) attributes[key.NETWORK_PEER_PORT] = peerPort
  }
  const client = decision.forwarding?.clientAddress
  if (client !== undefined) attributes[key.CLIENT_ADDRESS] = client
}
