import type Application from 'koa'
import type { Middleware } from 'koa'
import { compose } from './compose.ts'
import { reenter } from './reenter-routers.ts'

/** What follows a middleware in an application. */
export type RestOf = (app: Application, of: Middleware) => Middleware | undefined

interface Rest {
  /** How the list was when this was composed. */
  readonly length: number
  readonly last: Middleware | undefined
  readonly run: Middleware | undefined
}

/**
 * Finds what follows a middleware in an application, composed so that each part runs in its request's
 * context, no matter what called `next`. `undefined` where the application does not list it: it is mounted,
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
