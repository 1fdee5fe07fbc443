import type { Context } from '@opentelemetry/api'
import { showsReceived } from '../context/request-context.ts'
import type { OutgoingBaggage, Scope } from '../context/scope.ts'
import { identityFields } from '../identity/registry.ts'

/**
 * Whether the header for internal hosts hangs on nothing but a scope: the calls of one request send the
 * same one until identity changes. `own` is the header that the application has set.
 */
export function isSameForCalls(own: string | undefined, within: Context, scope: Scope): boolean {
  return (own === undefined || own === scope.arrivedBaggage) && showsReceived(within)
}

/** What was kept for a scope; `undefined` when there is nothing, or identity has changed since. */
export function keptBaggage({ outgoing, identity }: Scope): OutgoingBaggage | undefined {
  if (outgoing === undefined) return undefined
  const fields = identityFields()
  for (let at = 0; at < fields.length; at += 1) {
    if (fields[at] !== outgoing.fields[at] || identity[at] !== outgoing.identity[at]) {
      return undefined
    }
  }
  return outgoing
}

/** Keeps the header, unless a field asks about each host. */
export function keepBaggage(scope: Scope, header: string | undefined): void {
  const fields = [...identityFields()]
  if (fields.some(({ send }) => typeof send === 'function')) return
  scope.outgoing = { header, fields, identity: fields.map(({ index }) => scope.identity[index]) }
}
