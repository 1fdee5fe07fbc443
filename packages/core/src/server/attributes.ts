import type { Attributes } from '@opentelemetry/api'
import type { Scope } from '../context/scope.ts'
import * as key from '../http/attributes.ts'
import { type Authority, parseAuthority } from '../http/authority.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import { type RequestTarget, splitTarget } from '../http/request-target.ts'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import { guard } from '../otel/guard.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import type { Forwarding } from '../trust/forwarded.ts'
import { unmapAddress } from '../trust/ip-address.ts'
import type { IncomingRequest } from './incoming-request.ts'

/** Everything the SERVER span begins with. */
export function spanAttributes(
  incoming: IncomingRequest,
  scope: Scope,
  route: string | undefined,
): Attributes {
  const attributes = serverAttributes(incoming, route)
  addIdentityAttributes(attributes, scope, 'server')
  const own = incoming.settings.options.attributes
  if (own !== undefined) {
    const given = guard('attributes', () => own(incoming.request.raw))
    guard('attributes', () => Object.assign(attributes, given))
  }
  return attributes
}

/**
 * The attributes a SERVER span begins with (HTTP conventions, "HTTP server span"): samplers may
 * look at them, so they are there from the start.
 */
function serverAttributes(incoming: IncomingRequest, route: string | undefined): Attributes {
  const { settings, request, method, scheme } = incoming
  const { forwarding } = incoming.decision
  const target = splitTarget(request.target)
  const attributes: Attributes = {
    [key.HTTP_REQUEST_METHOD]: method,
    [key.URL_PATH]: target.path,
    [key.URL_SCHEME]: scheme,
    [key.NETWORK_PROTOCOL_VERSION]: request.protocolVersion,
  }
  if (method === OTHER_METHOD) attributes[key.HTTP_REQUEST_METHOD_ORIGINAL] = request.method
  if (route !== undefined) attributes[key.HTTP_ROUTE] = route
  if (target.query !== undefined && settings.recordQuery) {
    attributes[key.URL_QUERY] = settings.redactQuery(target.query)
  }
  const userAgent = request.header('user-agent')
  if (userAgent !== undefined) attributes[key.USER_AGENT_ORIGINAL] = userAgent
  addAddresses(attributes, request, target, forwarding, scheme)
  for (const name of settings.requestHeaders) {
    const value = request.header(name)
    if (value !== undefined) attributes[key.HTTP_REQUEST_HEADER_PREFIX + name] = [value]
  }
  return attributes
}

function addAddresses(
  attributes: Attributes,
  request: HttpServerRequest,
  target: RequestTarget,
  forwarding: Forwarding | undefined,
  scheme: string,
): void {
  const server = serverAuthority(request, target, forwarding)
  if (server !== undefined) {
    attributes[key.SERVER_ADDRESS] = server.host
    attributes[key.SERVER_PORT] = server.port ?? (scheme === 'https' ? 443 : 80)
  }
  if (request.peerAddress !== undefined && request.peerAddress !== '') {
    const peer = unmapAddress(request.peerAddress)
    attributes[key.NETWORK_PEER_ADDRESS] = peer
    attributes[key.CLIENT_ADDRESS] = peer
    if (request.peerPort !== undefined) attributes[key.NETWORK_PEER_PORT] = request.peerPort
  }
  if (forwarding?.clientAddress !== undefined) {
    attributes[key.CLIENT_ADDRESS] = forwarding.clientAddress
  }
}

// An absolute-form target beats the Host header (RFC 9112 section 3.2.2).
function serverAuthority(
  request: HttpServerRequest,
  target: RequestTarget,
  forwarding: Forwarding | undefined,
): Authority | undefined {
  return (
    parseAuthority(forwarding?.host) ??
    parseAuthority(target.authority) ??
    parseAuthority(request.header('host'))
  )
}
