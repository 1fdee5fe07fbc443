import { inspect, types } from 'node:util'
import { diag } from '@opentelemetry/api'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import type { OptionRule } from '../otel/check-options.ts'
import { TRUST_WARNED } from '../otel/shared-keys.ts'
import { type Forwarding, parseForwarding } from './forwarded.ts'
import { isInternalAddress } from './ip-address.ts'

/** Who sent a request: one of our own services, or anyone. */
export type Caller = 'internal' | 'edge'

/**
 * How to tell who sent a request. `'auto'`: internal when the socket's other end and every address in
 * `Forwarded` and `X-Forwarded-For` lie in our own network. `'internal'`, `'edge'`: always so. A
 * function decides by the framework's own request and may leave it to `'auto'`.
 */
export type TrustOption<Request = unknown> = 'auto' | Caller | TrustFunction<Request>['decide']

// As a method, it may ask for the framework's own type of request.
interface TrustFunction<Request> {
  decide(request: Request): Caller | 'auto'
}

/** What was decided about the caller of one request. */
export interface TrustDecision {
  readonly caller: Caller
  /**
   * What may be believed of the forwarding headers for scheme, host and client address: they are there
   * when a proxy of ours can have written them, that is, when the socket's other end is in our own
   * network or `trust` says `'internal'`; `undefined` otherwise, and when they are malformed.
   */
  readonly forwarding: Forwarding | undefined
}

/** What trust is decided by. */
export type TrustRequest = Pick<HttpServerRequest, 'header' | 'peerAddress' | 'raw'>

const INTERNAL: TrustDecision = Object.freeze({ caller: 'internal', forwarding: undefined })
const EDGE: TrustDecision = Object.freeze({ caller: 'edge', forwarding: undefined })

const ALLOWED = "'auto', 'internal', 'edge' or a function (request) => 'auto' | 'internal' | 'edge'"

/**
 * Decides whether a request comes from one of our own services. Never throws: a `trust` function that
 * throws, or returns anything else than it may, counts as `'edge'` and is said once per process.
 */
export function decideTrust(trust: TrustOption, request: TrustRequest): TrustDecision {
  const wanted = typeof trust === 'function' ? ask(trust, request.raw) : trust
  if (wanted !== 'internal' && !isInternalAddress(request.peerAddress)) return EDGE
  const forwarding = parseForwarding(request)
  if (forwarding === undefined) return wanted === 'edge' ? EDGE : INTERNAL
  if (forwarding === 'malformed') return wanted === 'internal' ? INTERNAL : EDGE
  if (wanted !== 'auto') return { caller: wanted, forwarding }
  const caller = forwarding.addresses.every(isInternalAddress) ? 'internal' : 'edge'
  return { caller, forwarding }
}

/**
 * What the `trust` option may be. Not an `async` function: the decision is needed before the request
 * goes on.
 */
export const TRUST: OptionRule = {
  allowed: ALLOWED,
  holds: (value) =>
    isAnswer(value) || (typeof value === 'function' && !types.isAsyncFunction(value)),
}

function ask(trust: (request: unknown) => unknown, request: unknown): Caller | 'auto' {
  try {
    const answer = trust(request)
    if (isAnswer(answer)) return answer
    // A promise that nobody waits for would end the process when it rejects.
    if (types.isPromise(answer)) answer.catch(() => {})
    warnOnce(`trust returned ${typeof answer === 'string' ? inspect(answer) : typeof answer}`)
  } catch (error) {
    warnOnce(`trust threw ${error instanceof Error ? error.message : typeof error}`)
  }
  return 'edge'
}

function isAnswer(value: unknown): value is Caller | 'auto' {
  return value === 'auto' || value === 'internal' || value === 'edge'
}

function warnOnce(what: string): void {
  const shared = globalThis as { [TRUST_WARNED]?: boolean }
  if (shared[TRUST_WARNED]) return
  shared[TRUST_WARNED] = true
  diag.warn(
    `callchain: ${what}; the request is treated as 'edge'; allowed: 'auto', 'internal', 'edge'`,
  )
}
