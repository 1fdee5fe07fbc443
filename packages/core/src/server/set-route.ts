import { scopeOf } from '../context/scope.ts'

/**
 * Names the route of the current request, where no framework can tell it: `setRoute('/users/:id')`.
 * It beats what the framework says, and is what the span's name, `http.route` and the metric carry.
 * Returns false outside a request, and in a remote procedure call, which is named after its method.
 *
 * @example
 * ```ts
 * app.use(async (ctx, next) => {
 *   if (/^\/users\/\d+$/.test(ctx.path)) setRoute('/users/:id')
 *   await next()
 * })
 * ```
 */
export function setRoute(route: string): boolean {
  const served = scopeOf()?.served
  if (served === undefined || served.kind === 'rpc') return false
  served.route = route
  return true
}

/** Names the route of the current request for the case that neither a framework nor the application does. */
export function proposeRoute(route: string): void {
  const scope = scopeOf()
  const served = (scope?.root ?? scope)?.served
  if (served !== undefined) served.proposedRoute = route
}
