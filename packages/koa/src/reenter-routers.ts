import { reentering } from '@callchain/core'
import { KOA_ROUTER } from '@callchain/core/internal'
import type { Context, Middleware } from 'koa'

/** What @koa/router, and koa-router before it, leave on a context when a request enters them. */
interface Router {
  readonly stack: readonly RouterLayer[]
}

interface RouterLayer {
  readonly path: unknown
  readonly stack: Middleware[]
}

interface Routed {
  [KOA_ROUTER]?: unknown
}

const watched = new WeakSet<object>()
/** How long the list of a router was when it was last looked at. */
const seen = new WeakMap<readonly RouterLayer[], number>()

/**
 * Sees to it that each middleware and handler of the routers that a request enters runs in its
 * context, wherever the router was put: it names itself on the context before it reads its lists.
 */
export function watchRouters(ctx: Context): void {
  // A test may call the middleware with a context of its own making.
  const context: object | undefined = ctx.app?.context
  if (context === undefined || watched.has(context)) return
  watched.add(context)
  const own = Object.getOwnPropertyDescriptor(context, 'router')
  // Another copy of this package may have been here, or an accessor of the application's.
  if (own?.get !== undefined || own?.configurable === false) return
  if (!Object.isExtensible(context)) return
  Object.defineProperty(context, 'router', routerProperty(own?.value))
}

function routerProperty(common: unknown): PropertyDescriptor & ThisType<Routed> {
  return {
    configurable: true,
    get() {
      return KOA_ROUTER in this ? this[KOA_ROUTER] : common
    },
    set(router: unknown) {
      this[KOA_ROUTER] = router
      reenterRouter(router)
    },
  }
}

// The lists of a router are read for each request, so that they can be changed where they are. What is
// added later is found when a request gets there.
function reenterRouter(router: unknown): void {
  const { stack } = (router ?? {}) as Partial<Router>
  if (!Array.isArray(stack) || seen.get(stack) === stack.length) return
  seen.set(stack, stack.length)
  for (const layer of stack) {
    for (const [index, step] of layer.stack.entries()) {
      layer.stack[index] = reenter(step, `handler of ${String(layer.path)}`)
    }
  }
}

/** A middleware that runs in its request's context; `kind` says what it is where it has no name. */
export function reenter(step: Middleware, kind: string): Middleware {
  const { _name: given } = step as { _name?: string }
  return reentering(step, given || step.name || `an anonymous ${kind}`, requestOf)
}

function requestOf(args: readonly unknown[]): unknown {
  const ctx = args[0] as { readonly req?: unknown } | undefined
  return ctx?.req
}
