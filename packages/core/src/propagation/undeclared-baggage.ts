import { type Baggage, type Context, propagation } from '@opentelemetry/api'
import { showsReceived } from '../context/request-context.ts'
import { NO_MEMBERS, receivedBaggage, type Scope } from '../context/scope.ts'
import { count } from '../otel/counters.ts'
import { sdkTraits } from '../otel/sdk-traits.ts'
import {
  type BaggageMember,
  decodeBaggageValue,
  encodeBaggageValue,
  isBaggageKey,
  parseBaggage,
} from '../w3c/baggage.ts'
import { isDeclaredKey } from './baggage-identity.ts'

type Member = Pick<BaggageMember, 'key' | 'text'>

/**
 * Adds the undeclared baggage that goes on to a host that may have it: what the application has put
 * into the request's own `baggage` header, then what the context carries. What came in with the
 * request and was only passed on in that header is not the application's.
 */
export function addUndeclared(
  members: string[],
  header: string | undefined,
  within: Context,
  scope: Scope | undefined,
): void {
  const arrived = scope?.arrivedBaggage
  const own = header === undefined || header === arrived ? NO_MEMBERS : ownMembers(header, arrived)
  const carried = carriedMembers(within, scope)
  add(members, own)
  add(members, own.length === 0 ? carried : without(carried, own))
}

function without(members: readonly Member[], others: readonly Member[]): Member[] {
  const keys = new Set(others.map(({ key }) => key))
  return members.filter(({ key }) => !keys.has(key))
}

function add(members: string[], from: readonly Member[]): void {
  if (from.length === 0) return
  const { mayCarry } = sdkTraits()
  for (const { key, text } of from) {
    if (isDeclaredKey(key)) continue
    // With its properties, which may hold anything as well.
    const value = (): string => decodeBaggageValue(text.slice(text.indexOf('=') + 1))
    if (mayCarry === undefined || mayCarry(key, value())) members.push(text)
    else count('callchain.baggage.dropped', 1, { direction: 'out' })
  }
}

// Without a limit: which members came in must not depend on where the application has put its own.
function ownMembers(header: string, arrived: string | undefined): readonly Member[] {
  const { members } = parseBaggage(header, header.length)
  if (arrived === undefined) return members
  const known = new Set<string>()
  for (const member of parseBaggage(arrived, arrived.length).members) {
    const meant = meaningOf(member)
    known.add(meant).add(meant + propertiesOf(member))
  }
  return members.filter((member) => !known.has(meaningOf(member) + propertiesOf(member)))
}

// However it is encoded: an application may have read it and written it again.
function meaningOf({ key, encodedValue }: BaggageMember): string {
  return `${key}=${decodeBaggageValue(encodedValue)}`
}

function propertiesOf({ text }: BaggageMember): string {
  const at = text.indexOf(';')
  if (at === -1) return ''
  const parts = text.slice(at).split(/[ \t]*([;=])[ \t]*/)
  return parts.map(decodeBaggageValue).join('').trim()
}

// Baggage that the application has set through OpenTelemetry's API stands in place of what came in.
function carriedMembers(within: Context, scope: Scope | undefined): readonly Member[] {
  if (scope !== undefined && showsReceived(within)) return scope.received
  const baggage = propagation.getBaggage(within)
  if (scope !== undefined && baggage === receivedBaggage(scope)) return scope.received
  return baggage === undefined ? NO_MEMBERS : entriesOf(baggage, scope)
}

// What came in and was not changed goes on byte for byte, with all members of its key.
function entriesOf(baggage: Baggage, scope: Scope | undefined): Member[] {
  const view = scope === undefined ? undefined : receivedBaggage(scope)
  const received = byKey(scope?.received ?? NO_MEMBERS)
  return baggage
    .getAllEntries()
    .filter(([key]) => isBaggageKey(key))
    .flatMap(([key, { value, metadata }]) => {
      if (view?.getEntry(key)?.value === value) return received.get(key) ?? []
      const properties = metadata === undefined ? '' : `;${metadata.toString()}`
      return [{ key, text: `${key}=${encodeBaggageValue(value)}${properties}` }]
    })
}

function byKey(members: readonly Member[]): Map<string, Member[]> {
  const lists = new Map<string, Member[]>()
  for (const member of members) {
    const list = lists.get(member.key)
    if (list === undefined) lists.set(member.key, [member])
    else list.push(member)
  }
  return lists
}
