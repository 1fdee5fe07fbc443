import { diag, type Span } from '@opentelemetry/api'
import { type IdentityValue, type Scope, scopeOf } from '../context/scope.ts'
import { count } from '../otel/counters.ts'
import type { IdentityDefinition, ReceivedConflict } from './definition.ts'
import { identityFields } from './registry.ts'
import { rejectionReason, valueForSpans } from './value.ts'

/** A value of identity in code; numbers are taken as their digits. */
export type IdentityInput = string | number | bigint

/** Sets a field's value for the rest of the current request. Returns false where it was not taken. */
export function setCurrent(name: string, index: number, value: IdentityInput | undefined): boolean {
  const scope = scopeOf()
  const field = identityFields()[index]
  if (scope === undefined || field === undefined) {
    diag.warn(
      `callchain: ${name} was set outside a request, so it is lost. Use runWithIdentity({ '${name}': … }, callback) there.`,
    )
    return false
  }
  const before = scope.identity[index]
  const taken = assign(scope, field, value)
  noteChange(scope, field, before)
  return taken
}

// Code that contradicts itself has set the value of one request in another, more often than not.
function noteChange(
  { served, identity }: Scope,
  field: IdentityDefinition,
  before: IdentityValue | undefined,
): void {
  const after = identity[field.index]
  if (served === undefined || before?.source !== 'code' || after === undefined) return
  if (after.value !== before.value) recordConflict(served.span, field, after, before)
}

/** Puts a value into a scope, and corrects the span of its request. Returns false where it was not taken. */
export function assign(
  scope: Scope,
  field: IdentityDefinition,
  input: IdentityInput | undefined,
): boolean {
  const before = scope.identity[field.index]
  if (input === undefined || input === '') {
    scope.identity[field.index] = undefined
    if (before !== undefined) correctSpan(scope.served?.span, field, undefined)
    return true
  }
  if (typeof input !== 'string' && typeof input !== 'number' && typeof input !== 'bigint') {
    diag.warn(`callchain: a value for ${field.name} was rejected (neither a string nor a number)`)
    return false
  }
  const value = String(input)
  const refused = rejectionReason(field, value)
  if (refused !== undefined) {
    count('callchain.identity.dropped', 1, { field: field.name, reason: refused })
    diag.warn(`callchain: a value for ${field.name} was rejected (${refused})`)
    return false
  }
  const after: IdentityValue = { value, source: 'code' }
  scope.identity[field.index] = after
  if (before?.value !== value) correctSpan(scope.served?.span, field, after)
  if (before?.source === 'caller' && before.value !== value) {
    recordConflict(scope.served?.span, field, after, before)
  }
  return true
}

function correctSpan(
  span: Span | undefined,
  field: IdentityDefinition,
  value: IdentityValue | undefined,
): void {
  if (span === undefined || field.spans === 'none') return
  span.setAttribute(field.attribute, value === undefined ? '' : valueForSpans(field, value))
}

/** Counts, and notes on the span if there is one, values that the caller sent twice and differently. */
export function recordConflicts(
  span: Span | undefined,
  conflicts: readonly ReceivedConflict[],
): void {
  for (const { field, kept, dropped } of conflicts) recordConflict(span, field, kept, dropped)
}

// One value was kept and a different one was dropped.
function recordConflict(
  span: Span | undefined,
  field: IdentityDefinition,
  kept: IdentityValue,
  dropped: IdentityValue,
): void {
  count('callchain.identity.conflicts', 1, { field: field.name })
  if (field.spans === 'none') return
  span?.addEvent('callchain.identity.conflict', {
    'callchain.identity.field': field.name,
    'callchain.identity.kept': valueForSpans(field, kept),
    'callchain.identity.kept_source': kept.source,
    'callchain.identity.dropped': valueForSpans(field, dropped),
  })
}
