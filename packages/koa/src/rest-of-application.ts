import { reentering } from '@callchain/core'
import type Application from 'koa'
import type { Middleware } from 'koa'
import { compose } from './compose.ts'

/** What follows a middleware in an application. */
export type RestOf = (app: Application, of: Middleware) => Middleware | undefined

interface Rest {
  /** How the list was when this was composed. */
  readonly length: number
  readonly last: Middleware | undefined
  readonly run: Middleware | undefined
}

/** What @koa/router, and koa-router before it, attach to the middleware that they make. */
interface Router {
  readonly stack: readonly RouterLayer[]
}

interface RouterLayer {
  readonly path: unknown
  readonly stack: RouterMiddleware[]
}

type RouterMiddleware = Middleware & { readonly router?: Partial<Router>; readonly _name?: string }

/**
 * Finds what follows a middleware in an application, composed so that each part runs in its request's
 * context, whoever called `next`. `undefined` where the application does not list it: it is mounted,
 * or composed with others.
 */
export function createRestOf(): RestOf {
  const known = new WeakMap<Application, Rest>()
  return function restOf(app, of) {
    const { middleware } = app
    const { length } = middleware
    const before = known.get(app)
    if (before?.length === length && before.last === middleware[length - 1]) return before.run
    const run = composeRest(app, of)
    known.set(app, { length, last: middleware[length - 1], run })
    return run
  }
}

function composeRest(app: Application, of: Middleware): Middleware | undefined {
  // Koa takes lists of lists.
  const all = app.middleware.flat(Number.POSITIVE_INFINITY) as Middleware[]
  const at = all.indexOf(of)
  if (at === -1) return undefined
  // Koa 3 lets an application bring its own.
  const { compose: own = compose } = app as { compose?: typeof compose }
  return own(all.slice(at + 1).map((step) => reenter(step, 'middleware')))
}

function reenter(step: RouterMiddleware, kind: string): Middleware {
  const name = step._name || step.name || `an anonymous ${kind}`
  const { router } = step
  if (router?.stack === undefined) return reentering(step, name, requestOf)
  const looked = { stack: router.stack, length: -1 }
  const routed: Middleware = (ctx, next) => {
    reenterRouter(looked)
    return step(ctx, next)
  }
  return reentering(Object.assign(routed, step), name, requestOf)
}

function requestOf(args: readonly unknown[]): unknown {
  const ctx = args[0] as { readonly req?: unknown } | undefined
  return ctx?.req
}

// The lists of a router are read for each request, so that they can be changed where they are. What is
// added later is found when a request gets there.
function reenterRouter(looked: { readonly stack: readonly RouterLayer[]; length: number }): void {
  const { stack } = looked
  if (looked.length === stack.length) return
  looked.length = stack.length
  for (const layer of stack) {
    for (const [index, step] of layer.stack.entries()) {
      layer.stack[index] = reenter(step, `handler of ${String(layer.path)}`)
    }
  }
}
