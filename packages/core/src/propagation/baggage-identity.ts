import type { Attributes } from '@opentelemetry/api'
import { type IdentityValue, NO_MEMBERS, type Scope } from '../context/scope.ts'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import { recordConflicts } from '../identity/assign.ts'
import type { IdentityDefinition, ReceivedConflict } from '../identity/definition.ts'
import { identityFields } from '../identity/registry.ts'
import { rejectionReason, valueForSpans } from '../identity/value.ts'
import { count } from '../otel/counters.ts'
import type { Caller } from '../trust/trust.ts'
import {
  type BaggageMember,
  decodeBaggageValue,
  encodeBaggageValue,
  parseBaggage,
} from '../w3c/baggage.ts'
import type { HeaderFormat } from './header-format.ts'

const NO_CONFLICTS: readonly ReceivedConflict[] = []
const NO_HEADERS: Pick<HttpServerRequest, 'header'> = { header: () => undefined }

/** What an internal caller's headers say about identity, and what is left of its baggage. */
export interface ReceivedIdentity {
  readonly identity: (IdentityValue | undefined)[]
  readonly undeclared: readonly BaggageMember[]
  readonly conflicts: readonly ReceivedConflict[]
  /** The `baggage` header as it came, from any sender. */
  readonly arrived: string | undefined
}

/**
 * Reads the declared fields out of an internal caller's baggage and headers. From a caller on the
 * edge nothing is taken.
 */
export function receiveIdentity(
  request: Pick<HttpServerRequest, 'header'>,
  caller: Caller,
  format: HeaderFormat,
): ReceivedIdentity {
  const arrived = format.baggage ? request.header('baggage') : undefined
  if (caller === 'edge') return { identity: [], undeclared: NO_MEMBERS, conflicts: [], arrived }
  return readBaggage(request, arrived)
}

/**
 * The same for a request that is only passed on: its baggage is read once somebody asks for a value.
 * `undefined` where what a header says would be gone by then.
 */
export function receiveIdentityLate(
  request: Pick<HttpServerRequest, 'header'>,
  format: HeaderFormat,
): ReceivedIdentity | undefined {
  if (identityFields().some(({ headers }) => headers.length > 0)) return undefined
  return new LateIdentity(format.baggage ? request.header('baggage') : undefined)
}

class LateIdentity implements ReceivedIdentity {
  readonly arrived: string | undefined
  /** Counted when they are found: nobody waits for them. */
  readonly conflicts: readonly ReceivedConflict[] = NO_CONFLICTS
  private found: ReceivedIdentity | undefined = undefined

  constructor(arrived: string | undefined) {
    this.arrived = arrived
  }

  get identity(): (IdentityValue | undefined)[] {
    return this.read().identity
  }

  get undeclared(): readonly BaggageMember[] {
    return this.read().undeclared
  }

  private read(): ReceivedIdentity {
    if (this.found === undefined) {
      this.found = readBaggage(NO_HEADERS, this.arrived)
      recordConflicts(undefined, this.found.conflicts)
    }
    return this.found
  }
}

function readBaggage(
  request: Pick<HttpServerRequest, 'header'>,
  arrived: string | undefined,
): ReceivedIdentity {
  if (arrived === undefined) return readIdentity(request, NO_MEMBERS, arrived)
  const { members, dropped } = parseBaggage(arrived)
  if (dropped > 0) count('callchain.baggage.dropped', dropped, { direction: 'in' })
  return readIdentity(request, members, arrived)
}

function readIdentity(
  request: Pick<HttpServerRequest, 'header'>,
  members: readonly BaggageMember[],
  arrived: string | undefined,
): ReceivedIdentity {
  const identity: (IdentityValue | undefined)[] = []
  const conflicts: ReceivedConflict[] = []
  let declared = 0
  for (const field of identityFields()) {
    for (const key of field.baggage) {
      for (const member of members) {
        if (member.key !== key) continue
        declared += 1
        take(field, decodeBaggageValue(member.encodedValue), identity, conflicts)
      }
    }
    for (const name of field.headers) take(field, request.header(name), identity, conflicts)
  }
  const undeclared = declared === members.length ? NO_MEMBERS : members.filter(isUndeclared)
  return { identity, undeclared, conflicts, arrived }
}

/** Adds the identity that shows on a span of this kind to its attributes. */
export function addIdentityAttributes(
  attributes: Attributes,
  scope: Scope,
  kind: 'server' | 'other',
): void {
  for (const field of identityFields()) {
    const value = scope.identity[field.index]
    if (value === undefined || field.spans === 'none') continue
    if (field.spans === 'all' || kind === 'server') {
      attributes[field.attribute] = valueForSpans(field, value)
    }
  }
}

/** The baggage members of the declared fields that may go to a host. */
export function identityMembers(scope: Scope, host: string, internal: boolean): string[] {
  const members: string[] = []
  for (const field of identityFields()) {
    const value = scope.identity[field.index]
    if (value !== undefined && maySend(field, host, internal)) {
      members.push(`${field.baggage[0]}=${encodeBaggageValue(value.value)}`)
    }
  }
  return members
}

/**
 * The baggage members of the declared fields that may be written into a message, which is kept for
 * days: a field that is hashed elsewhere is not, unless it says so.
 */
export function messageMembers(scope: Scope, host: string): string[] {
  const members: string[] = []
  for (const field of identityFields()) {
    const value = scope.identity[field.index]
    if (value !== undefined && field.messages && maySend(field, host, true)) {
      members.push(`${field.baggage[0]}=${encodeBaggageValue(value.value)}`)
    }
  }
  return members
}

/** Whether a baggage key belongs to a declared field. */
export function isDeclaredKey(key: string): boolean {
  return identityFields().some((field) => field.baggage.includes(key))
}

function isUndeclared(member: BaggageMember): boolean {
  return !isDeclaredKey(member.key)
}

function maySend(field: IdentityDefinition, host: string, internal: boolean): boolean {
  if (field.send === 'internal') return internal
  return field.send !== 'none' && field.send(host)
}

function take(
  field: IdentityDefinition,
  value: string | undefined,
  identity: (IdentityValue | undefined)[],
  conflicts: ReceivedConflict[],
): void {
  if (value === undefined || value === '') return
  const refused = rejectionReason(field, value)
  if (refused !== undefined) {
    count('callchain.identity.dropped', 1, { field: field.name, reason: refused })
    return
  }
  const kept = identity[field.index]
  if (kept === undefined) identity[field.index] = { value, source: 'caller' }
  else if (kept.value !== value)
    conflicts.push({ field, kept, dropped: { value, source: 'caller' } })
}
