import { context, diag, type Span } from '@opentelemetry/api'
import { ensureContextManager } from '../context/fallback-context-manager.ts'
import { inRequest } from '../context/in-request.ts'
import {
  createScope,
  type IdentitySource,
  type IdentityValue,
  type Scope,
  scopeOf,
} from '../context/scope.ts'
import { count } from '../otel/counters.ts'
import { optionError } from '../otel/option-error.ts'
import { SCOPE_KEY } from '../otel/shared-keys.ts'
import type { IdentityDefinition, IdentityFieldOptions, ReceivedConflict } from './definition.ts'
import { declareIdentity, findIdentity, identityFields } from './registry.ts'
import { refuse, valueForSpans } from './value.ts'

/** A value of identity in code; numbers are taken as their digits. */
export type IdentityInput = string | number | bigint

/** A field of identity: who or what the current request is for. */
export interface IdentityField {
  /** The name it was declared under: `tenant.id`. */
  readonly name: string
  /** The value of the current request; `undefined` when there is none, or outside a request. */
  get(): string | undefined
  /** Where the value came from: `'code'` after `set`, `'caller'` when the caller's headers said so. */
  source(): IdentitySource | undefined
  /**
   * Sets the value for the rest of the request, usually after authentication. It beats what the
   * caller sent, corrects the SERVER span that is already open, and is what later logs and outbound
   * calls carry. `undefined` takes the value away. Returns false, and changes nothing, for a value
   * that breaks the field's rules and outside a request (see `runWithIdentity`).
   *
   * A callback may come back in the context of another request: that of a cache, a driver's pooled
   * connection, a session store. There, name the request that is meant, as `inRequest` takes it.
   * Default: the current one.
   */
  set(value: IdentityInput | undefined, request?: object): boolean
}

/** The tenant: baggage member and span attribute `tenant.id`, log field `tenant_id`. */
export const tenant: IdentityField = createHandle('tenant.id', 0)

/** The user: baggage member and span attribute `user.id`, log field `user_id`. */
export const user: IdentityField = createHandle('user.id', 1)

/**
 * Declares a field of identity beside tenant and user, once, at start-up. Declaring `tenant.id` or
 * `user.id` gives those other options. Throws a TypeError for options that are not allowed and for
 * a field that is declared twice.
 */
export function identityField(name: string, options: IdentityFieldOptions = {}): IdentityField {
  return createHandle(name, declareIdentity(name, options).index)
}

/**
 * Runs `callback` with these values of identity on top of the current ones: for jobs, consumers and
 * scripts, or for work inside a request that is for somebody else. Keys are the names of declared
 * fields; an unknown one throws a TypeError. Returns what `callback` returns.
 */
export function runWithIdentity<T>(
  values: Readonly<Record<string, IdentityInput | undefined>>,
  callback: () => T,
): T {
  ensureContextManager()
  const outer = scopeOf()
  const scope = {
    ...createScope(),
    ...outer,
    root: outer?.root ?? outer,
    served: undefined,
    identity: outer?.identity.slice() ?? [],
  }
  for (const [name, value] of Object.entries(values)) {
    const field = findIdentity(name)
    if (field === undefined) {
      const declared = identityFields().map((each) => each.name)
      throw optionError('a field of runWithIdentity', name, declared.join(', '))
    }
    // Work for somebody else must not run under the outer request's name.
    if (!assign(scope, field, value)) scope.identity[field.index] = undefined
  }
  return context.with(context.active().setValue(SCOPE_KEY, scope), callback)
}

function createHandle(name: string, index: number): IdentityField {
  return {
    name,
    get: () => scopeOf()?.identity[index]?.value,
    source: () => scopeOf()?.identity[index]?.source,
    set: (value, request) =>
      request === undefined
        ? setCurrent(name, index, value)
        : inRequest(request, () => setCurrent(name, index, value)),
  }
}

function setCurrent(name: string, index: number, value: IdentityInput | undefined): boolean {
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

function assign(
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
  const refused = refuse(field, value)
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

/** Notes on the span, and counts, what the caller said in two ways. */
export function recordConflicts(span: Span, conflicts: readonly ReceivedConflict[]): void {
  for (const { field, kept, dropped } of conflicts) recordConflict(span, field, kept, dropped)
}

// One value was kept and a different one put aside.
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
