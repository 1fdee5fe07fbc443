import type { HttpServerRequest } from './http-server.ts'

/** What proxies say in `Forwarded` (RFC 7239) and `X-Forwarded-*` about the request they passed on. */
export interface Forwarding {
  readonly addresses: readonly string[]
  readonly scheme: 'http' | 'https' | undefined
  readonly host: string | undefined
  readonly clientAddress: string | undefined
}

/** Reads the forwarding headers of a request. */
export function parseForwarding(_request: HttpServerRequest): Forwarding | 'malformed' | undefined {
  return undefined
}
