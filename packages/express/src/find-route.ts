import type { Application, Route } from './express-parts.ts'
import { matchPlace } from './route-index.ts'
import type { RouteIndexes } from './route-indexes.ts'
import { coversPath, joinPatterns } from './route-pattern.ts'
import { entrancesOf, topOf } from './sub-application.ts'

/** What a request shows of its way through the routers at the moment it is answered. */
export interface Sighting {
  readonly route: Route
  /** What the mounts took of the path; `undefined` when the routers have all given up. */
  readonly baseUrl: string | undefined
  /** What they left of the path. */
  readonly url: string
  /** The application in which tracing began. */
  readonly entered: Application
  /** The application that the request is in. */
  readonly app: Application
}

/**
 * The whole pattern of the route that a request is in, `/orgs/:org/items/:id`; `undefined` rather than
 * a guess that the path speaks against.
 */
export function findRoute(indexes: RouteIndexes, sighting: Sighting): string | undefined {
  const { route, entered, app } = sighting
  const top = topOf(entered)
  if (indexes.of(top).routes.has(route)) return within(indexes, top, route, sighting)
  if (app !== top) indexes.of(app)
  const path = pathOf(sighting)
  const home = indexes.homeOf(route)
  if (home === undefined) return belowFunction(indexes, top, path, () => declared(route))
  if (topOf(home) === top) return below(indexes, home, route, path)
  return belowFunction(indexes, top, path, (rest) => below(indexes, home, route, rest))
}

/** The pattern of a route within an application. The path is read only where it is needed. */
function within(
  indexes: RouteIndexes,
  app: Application,
  route: Route,
  path: Sighting | string,
): string | undefined {
  const places = indexes.of(app).routes.get(route) ?? []
  if (places.length === 1 && places[0]?.pattern !== undefined) return places[0].pattern
  const sent = typeof path === 'string' ? path : pathOf(path)
  for (const place of places) {
    const match = matchPlace(place, sent)
    if (match !== undefined) return match.pattern
  }
  return undefined
}

/** The pattern of a route in an application, with that of the application's mount. */
function below(
  indexes: RouteIndexes,
  app: Application,
  route: Route,
  path: string,
): string | undefined {
  let first: string | undefined
  for (const { pattern: mount, rest } of entrancesOf(indexes, app, path)) {
    const pattern = within(indexes, app, route, rest)
    if (pattern === undefined) continue
    const whole = joinPatterns(mount, pattern)
    if (coversPath(whole, path)) return whole
    first ??= whole
  }
  return first
}

/** The pattern of a route below a function, which hides the router that it calls. */
function belowFunction(
  indexes: RouteIndexes,
  app: Application,
  path: string,
  inner: (rest: string) => string | undefined,
): string | undefined {
  for (const place of indexes.of(app).middlewares) {
    const match = matchPlace(place, path)
    const pattern = match && inner(match.rest)
    if (match === undefined || pattern === undefined) continue
    const whole = joinPatterns(match.pattern, pattern)
    if (coversPath(whole, path)) return whole
  }
  return undefined
}

function declared({ path }: Route): string | undefined {
  return typeof path === 'string' ? path : undefined
}

const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/]*/i

// Put together from what the routers see: middleware may have rewritten the URL on the way.
function pathOf({ baseUrl, url }: Sighting): string {
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  return (baseUrl ?? '') + (path.startsWith('/') ? path : path.replace(ORIGIN, ''))
}
