import { inRequest } from '../context/in-request.ts'
import { type IdentitySource, type Scope, scopeOf } from '../context/scope.ts'
import { optionError } from '../otel/option-error.ts'
import { assign, type IdentityInput, setCurrent } from './assign.ts'
import type { IdentityFieldOptions } from './definition.ts'
import { declareIdentity, findIdentity, identityFields } from './registry.ts'

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

/**
 * The tenant: baggage member and span attribute `tenant.id`, log field `tenant_id`.
 *
 * @example
 * ```ts
 * app.use((req, res, next) => {
 *   tenant.set(req.session.tenantId)
 *   next()
 * })
 * app.get('/orders', (req, res) => res.json(ordersOf(tenant.get())))
 * ```
 */
export const tenant: IdentityField = createHandle('tenant.id', 0)

/**
 * The user: baggage member and span attribute `user.id`, log field `user_id`.
 *
 * @example
 * ```ts
 * passport.deserializeUser((req, id, done) => {
 *   user.set(id, req) // a session store may call back in the context of another request
 *   findUser(id).then((found) => done(null, found), done)
 * })
 * ```
 */
export const user: IdentityField = createHandle('user.id', 1)

/**
 * Declares a field of identity besides tenant and user, once, at start-up. Declaring `tenant.id` or
 * `user.id` gives those other options. Throws a TypeError for options that are not allowed and for
 * a field that is declared twice.
 *
 * @example
 * ```ts
 * export const region = identityField('order.region', { spans: 'all' })
 *
 * app.post('/orders', (req, res) => {
 *   region.set(req.body.region)
 *   res.sendStatus(204)
 * })
 * ```
 */
export function identityField(name: string, options: IdentityFieldOptions = {}): IdentityField {
  return createHandle(name, declareIdentity(name, options).index)
}

/**
 * Puts values into a scope by the names of their fields; one that is refused leaves the field empty.
 * Throws a TypeError for a name that nobody declared. `what` is who was given them.
 */
export function assignAll(
  scope: Scope,
  values: Readonly<Record<string, IdentityInput | undefined>>,
  what: string,
): void {
  for (const [name, value] of Object.entries(values)) {
    const field = findIdentity(name)
    if (field === undefined) {
      const declared = identityFields().map((each) => each.name)
      throw optionError(`a field of ${what}`, name, declared.join(', '))
    }
    // Work for somebody else must not run under the outer request's name.
    if (!assign(scope, field, value)) scope.identity[field.index] = undefined
  }
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
