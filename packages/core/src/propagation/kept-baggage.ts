import type { Context } from '@opentelemetry/api'
import { showsReceived } from '../context/request-context.ts'
import type { OutgoingBaggage, Scope } from '../context/scope.ts'
import { identityFields } from '../identity/registry.ts'
import { isAsSeen, seeIdentity } from '../identity/seen-identity.ts'

/**
 * Whether the header for internal hosts hangs on nothing but a scope: the calls of one request send the
 * same one until identity changes. `own` is the header that the application has set.
 */
export function isSameForCalls(own: string | undefined, within: Context, scope: Scope): boolean {
  return (own === undefined || own === scope.arrivedBaggage) && showsReceived(within)
}

/** Where a kept header goes: calls and messages do not send the same. */
export type KeptFor = 'outgoing' | 'outgoingMessages'

/** What was kept for a scope; `undefined` when there is nothing, or identity has changed since. */
export function keptBaggage(
  scope: Scope,
  place: KeptFor = 'outgoing',
): OutgoingBaggage | undefined {
  const kept = scope[place]
  return kept !== undefined && isAsSeen(kept, scope) ? kept : undefined
}

/** Keeps the header, unless a field asks about each host. */
export function keepBaggage(
  scope: Scope,
  header: string | undefined,
  place: KeptFor = 'outgoing',
): void {
  if (identityFields().some(({ send }) => typeof send === 'function')) return
  scope[place] = { header, ...seeIdentity(scope) }
}
