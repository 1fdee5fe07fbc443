import type { Forwarding } from './forwarded.ts'
import type { HttpServerRequest } from './http-server.ts'

export type Caller = 'internal' | 'edge'

export type TrustOption = 'auto' | 'internal' | 'edge' | ((request: unknown) => Caller | 'auto')

export interface TrustDecision {
  readonly caller: Caller
  readonly forwarding: Forwarding | undefined
}

/** Decides whether a request comes from one of our own services or from the edge. */
export function decideTrust(_trust: TrustOption, _request: HttpServerRequest): TrustDecision {
  return { caller: 'edge', forwarding: undefined }
}

/** Checks the `trust` option at start-up. */
export function checkTrustOption(_value: unknown): TrustOption {
  return 'auto'
}
