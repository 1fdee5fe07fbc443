import {
  type Baggage,
  type Context,
  propagation,
  type Span,
  type SpanContext,
} from '@opentelemetry/api'
import type { RpcMetadata } from '../otel/rpc-metadata.ts'
import { OFFER_KEY, RPC_METADATA_KEY, SCOPE_KEY, SCOPE_OF_RPC } from '../otel/shared-keys.ts'
import { type BaggageMember, decodeBaggageValue } from '../w3c/baggage.ts'
import { activeContext } from './direct-context.ts'

/** Where a value of identity came from: the caller's headers, or the application's own code. */
export type IdentitySource = 'caller' | 'code'

/** One identity value, with what was derived from it on the way. */
export interface IdentityValue {
  readonly value: string
  readonly source: IdentitySource
  /** The keyed hash for spans and logs, computed when first needed. */
  hashed?: string
}

/** The request that is being served: what may still change about its span until it ends. */
export interface ServedRequest {
  readonly span: Span
  /** The route that the span was named with. Default: none was known. */
  readonly knownRoute?: string | undefined
  /** The route the application named itself with `setRoute()`. */
  route: string | undefined
  /** The route that what answers the request knows itself by. Default: none. */
  proposedRoute?: string
  /** What the application says made it fail, with `noteError()`. */
  error?: unknown
  /** Made when another instrumentation asks for it. */
  rpc: RpcMetadata | undefined
  /** Whether its error log lines are recorded. */
  readonly errorLogs: boolean
  /** What it is, where it is not an HTTP request: that has no HTTP metadata. Default: an HTTP request. */
  readonly kind?: 'message' | 'rpc'
  /** Messages of its databases that no span may show; `undefined` while there are none. */
  hiddenMessages?: string[]
}

/** What we keep of one request, or of one `runWithIdentity`: small, and gone with its context. */
export interface Scope {
  /** The scope of the request that this one was derived from (`runWithIdentity`); `undefined` where it is the first. */
  readonly root: Scope | undefined
  /** The SERVER span and its route; `undefined` outside a request. */
  served: ServedRequest | undefined
  /** Whether a traced request is being served, though this scope may not touch it (`runWithIdentity`). */
  readonly inRequest: boolean
  /** Values by the field's index. */
  readonly identity: (IdentityValue | undefined)[]
  /** Undeclared baggage, as the caller sent it. */
  readonly received: readonly BaggageMember[]
  /** The same for OpenTelemetry's API, made when first asked for. */
  receivedView: Baggage | undefined
  /** The whole `baggage` header that came in, from any sender: the application may pass it on. */
  readonly arrivedBaggage: string | undefined
  /** The trace id of a caller that is not believed: the application may pass it on as well. */
  readonly refusedTraceId: string | undefined
  /** The trace that came in, and whether its id is known to be random (Trace Context Level 2). */
  readonly continuedTraceId: string | undefined
  readonly continuedRandom: boolean
  /** What calls to internal hosts send of identity and baggage, until identity changes. */
  outgoing?: OutgoingBaggage
  /** The same for messages, which may hold less. */
  outgoingMessages?: OutgoingBaggage
  /** What log lines say of the trace and of identity, until one of them changes. */
  lineFields?: LineFields
}

/** The declared fields of identity and their values, when something was made of them. */
export interface SeenIdentity {
  readonly fields: readonly unknown[]
  readonly identity: readonly (IdentityValue | undefined)[]
}

/** A `baggage` header, with what it was made of. */
export interface OutgoingBaggage extends SeenIdentity {
  readonly header: string | undefined
}

/** The fields of a log line, with what they were made of. */
export interface LineFields extends SeenIdentity {
  readonly spanContext: SpanContext | undefined
  /** Who has made them. */
  readonly make: unknown
  readonly made: object
}

/** Nothing received: one list for all. */
export const NO_MEMBERS: readonly BaggageMember[] = []

/** The scope of a context, or of the active one. */
export function scopeOf(within: Context = activeContext()): Scope | undefined {
  const scope = within.getValue(SCOPE_KEY) as Scope | undefined
  if (scope !== undefined) return scope
  const rpc = within.getValue(RPC_METADATA_KEY) as { [SCOPE_OF_RPC]?: Scope } | undefined
  return rpc?.[SCOPE_OF_RPC] ?? adoptedScope(within)
}

/** The scope of headers that a propagator has read; it counts once they are known to be a message's. */
export interface OfferedScope {
  readonly scope: Scope
  isAdopted: boolean
}

/** What a propagator has read in a context. */
export function offeredScope(within: Context): OfferedScope | undefined {
  return within.getValue(OFFER_KEY) as OfferedScope | undefined
}

function adoptedScope(within: Context): Scope | undefined {
  const offered = offeredScope(within)
  return offered?.isAdopted === true ? offered.scope : undefined
}

/** Whether two scopes are of one request, whatever `runWithIdentity` has put on top of it. */
export function isSameRequest(one: Scope | undefined, other: Scope | undefined): boolean {
  if (one === other) return one !== undefined
  return one !== undefined && other !== undefined && (one.root ?? one) === (other.root ?? other)
}

/**
 * Leaves the scope where contexts made by another instrumentation find it: listeners that it has
 * bound to its own context would not see ours otherwise.
 */
export function attachScope(rpc: RpcMetadata, scope: Scope): void {
  Object.defineProperty(rpc, SCOPE_OF_RPC, { value: scope, configurable: true })
}

/** A scope with nothing in it, for code outside a request. */
export function createScope(identity: (IdentityValue | undefined)[] = []): Scope {
  return {
    root: undefined,
    served: undefined,
    inRequest: false,
    identity,
    received: NO_MEMBERS,
    receivedView: undefined,
    arrivedBaggage: undefined,
    refusedTraceId: undefined,
    continuedTraceId: undefined,
    continuedRandom: false,
  }
}

/** A scope on top of that of a request, with values of its own, which may not touch the request. */
export function deriveScope(outer: Scope): Scope {
  return {
    root: outer.root ?? outer,
    served: undefined,
    inRequest: outer.inRequest,
    identity: outer.identity.slice(),
    received: outer.received,
    receivedView: outer.receivedView,
    arrivedBaggage: outer.arrivedBaggage,
    refusedTraceId: outer.refusedTraceId,
    continuedTraceId: outer.continuedTraceId,
    continuedRandom: outer.continuedRandom,
  }
}

/** Undeclared baggage as OpenTelemetry's API shows it; always the same object for one scope. */
export function receivedBaggage(scope: Scope): Baggage | undefined {
  if (scope.received.length === 0) return undefined
  scope.receivedView ??= propagation.createBaggage(
    Object.fromEntries(
      scope.received.map((member) => [
        member.key,
        { value: decodeBaggageValue(member.encodedValue) },
      ]),
    ),
  )
  return scope.receivedView
}
