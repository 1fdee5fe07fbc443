import type { Context } from '@opentelemetry/api'
import { SCOPE_KEY } from '../otel/shared-keys.ts'
import { activeContext, enterContext } from './direct-context.ts'
import { isSameRequest, type Scope, scopeOf } from './scope.ts'
import { type TracedRequest, tracedRequest, tracedSocket } from './traced-requests.ts'

/**
 * Runs `callback` in the context of the request that is named: Node's request or response, Express's,
 * Koa's context, Fastify's request or reply. For callbacks that may come back in the context of
 * another request: those of a cache that answers its callers together, of a driver's pooled
 * connection, of a session store. Where the request's context is active already, an inner span and
 * `runWithIdentity` are kept. A request that is not traced, or not known, leaves the context as it
 * is. Returns what `callback` returns, and throws only what it throws.
 *
 * @example
 * ```ts
 * cache.get(key, (error, order) => {
 *   inRequest(req, () => {
 *     log.info({ order }, 'found') // has the trace and the tenant of req
 *     res.json(order)
 *   })
 * })
 * ```
 */
export function inRequest<T>(request: unknown, callback: () => T): T {
  const home = foreignTo(findTraced(request))
  return home === undefined ? callback() : enterContext(home, callback)
}

/** The context of a request, where the active one is of another request, or of none. */
export function foreignTo(traced: TracedRequest | undefined): Context | undefined {
  const home = traced?.call?.context
  if (home === undefined) return undefined
  const active = activeContext()
  if (active === home) return undefined
  const scope = home.getValue(SCOPE_KEY) as Scope | undefined
  return isSameRequest(scope, scopeOf(active)) ? undefined : home
}

// Whatever the application has at hand leads to Node's request by a property or two.
function findTraced(request: unknown): TracedRequest | undefined {
  if (typeof request !== 'object' || request === null) return undefined
  try {
    return tracedRequest(request) ?? tracedSocket(request) ?? findBelow(request)
  } catch {
    return undefined
  }
}

interface Wrapper {
  readonly req?: unknown
  readonly res?: { readonly req?: unknown } | null
  readonly raw?: { readonly req?: unknown } | null
  readonly request?: { readonly raw?: unknown } | null
}

function findBelow({ req, res, raw, request }: Wrapper): TracedRequest | undefined {
  return (
    tracedRequest(req) ??
    tracedRequest(raw) ??
    tracedRequest(request?.raw) ??
    tracedRequest(raw?.req) ??
    tracedRequest(res?.req)
  )
}
