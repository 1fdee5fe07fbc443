import type { Application, Route } from './express-parts.ts'
import { createRouteIndex, type RouteIndex } from './route-index.ts'

/** The indexes of the applications that requests have come through, each made when first asked for. */
export interface RouteIndexes {
  /** The index of an application, as its routers are now. */
  of(app: Application): RouteIndex
  /** The application that a route is known to be in. */
  homeOf(route: Route): Application | undefined
}

/** Keeps indexes for as long as their applications live. */
export function createRouteIndexes(): RouteIndexes {
  const indexes = new WeakMap<Application, RouteIndex>()
  const homes = new WeakMap<Route, Application>()
  return {
    of: (app) => {
      const known = indexes.get(app)
      if (known?.isCurrent()) return known
      const index = createRouteIndex(app)
      indexes.set(app, index)
      for (const route of index.routes.keys()) homes.set(route, app)
      return index
    },
    homeOf: (route) => homes.get(route),
  }
}
