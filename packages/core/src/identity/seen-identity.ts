import type { Scope, SeenIdentity } from '../context/scope.ts'
import { identityFields } from './registry.ts'

/** The identity of a scope as it is now. */
export function seeIdentity({ identity }: Pick<Scope, 'identity'>): SeenIdentity {
  const fields = [...identityFields()]
  return { fields, identity: fields.map(({ index }) => identity[index]) }
}

/** Whether the identity of a scope, and what is declared of it, are as they were. */
export function isAsSeen(seen: SeenIdentity, { identity }: Pick<Scope, 'identity'>): boolean {
  const fields = identityFields()
  for (let at = 0; at < fields.length; at += 1) {
    if (fields[at] !== seen.fields[at] || identity[at] !== seen.identity[at]) return false
  }
  return true
}
