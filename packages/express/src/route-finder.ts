import type { Application, Route } from './express-parts.ts'
import { createRouteIndex, matchPlace, type RouteIndex } from './route-index.ts'
import { coversPath, joinPatterns } from './route-pattern.ts'

/** What a request shows of its way through the routers at the moment it is answered. */
export interface Sighting {
  readonly route: Route
  /** What the mounts took of the path, if the routers have not all given up. */
  readonly baseUrl: string | undefined
  /** What they left of it. */
  readonly url: string
  /** The application that began to trace it. */
  readonly entered: Application
  /** The application that it is in. */
  readonly app: Application
}

/** Finds the whole pattern of the route that a request is in. */
export interface RouteFinder {
  /** `/orgs/:org/items/:id`; `undefined` rather than a guess that the path speaks against. */
  find(sighting: Sighting): string | undefined
}

/** Makes a finder, which keeps an index of the routes of each application it meets. */
export function createRouteFinder(): RouteFinder {
  const indexes = new WeakMap<Application, RouteIndex>()
  const homes = new WeakMap<Route, Application>()

  function indexOf(app: Application): RouteIndex {
    const known = indexes.get(app)
    if (known?.isCurrent()) return known
    const index = createRouteIndex(app)
    indexes.set(app, index)
    for (const route of index.routes.keys()) homes.set(route, app)
    return index
  }

  /** The pattern of a route within an application that it was reached through. */
  function within(app: Application, route: Route, path: () => string): string | undefined {
    const places = indexOf(app).routes.get(route)
    if (places === undefined) return undefined
    if (places.length === 1 && places[0]?.pattern !== undefined) return places[0].pattern
    for (const place of places) {
      const match = matchPlace(place, path())
      if (match !== undefined) return match.pattern
    }
    return undefined
  }

  /** The pattern of a route in a sub-application, with that of the sub-application's mount. */
  function below(app: Application, route: Route, path: string): string | undefined {
    const entrance = entranceOf(app, path)
    if (entrance === undefined) return undefined
    const pattern = within(app, route, () => entrance.rest)
    return pattern === undefined ? undefined : joinPatterns(entrance.pattern, pattern)
  }

  function entranceOf(
    app: Application,
    path: string,
  ): { pattern: string; rest: string } | undefined {
    if (app.parent === undefined) return { pattern: '', rest: path }
    const outer = entranceOf(app.parent, path)
    if (outer === undefined) return undefined
    let first: { pattern: string; rest: string } | undefined
    for (const place of indexOf(app.parent).middlewares) {
      if (place.layers.at(-1)?.name !== 'mounted_app') continue
      const match = matchPlace(place, outer.rest)
      if (match === undefined) continue
      const entrance = { pattern: joinPatterns(outer.pattern, match.pattern), rest: match.rest }
      // Mounted twice, an application remembers the last mount only.
      if ((match.pattern || '/') === String(app.mountpath)) return entrance
      first ??= entrance
    }
    return first
  }

  /** The pattern of a route behind a function that hides it. */
  function behind(
    top: Application,
    path: string,
    inner: (rest: string) => string | undefined,
  ): string | undefined {
    for (const place of indexOf(top).middlewares) {
      const match = matchPlace(place, path)
      if (match === undefined) continue
      const pattern = inner(match.rest)
      if (pattern === undefined) continue
      const whole = joinPatterns(match.pattern, pattern)
      if (coversPath(whole, path)) return whole
    }
    return undefined
  }

  return {
    find: (sighting) => {
      const { route, entered, app } = sighting
      const top = topOf(entered)
      const known = within(top, route, () => pathOf(sighting))
      if (known !== undefined) return known
      const path = pathOf(sighting)
      if (app !== top) indexOf(app)
      const home = homes.get(route)
      if (home === undefined) return behind(top, path, () => declared(route))
      if (topOf(home) === top) return below(home, route, path)
      return behind(top, path, (rest) => below(home, route, rest))
    },
  }
}

function topOf(app: Application): Application {
  let top = app
  while (top.parent !== undefined) top = top.parent
  return top
}

function declared({ path }: Route): string | undefined {
  return typeof path === 'string' ? path : undefined
}

function pathOf({ baseUrl, url }: Sighting): string {
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  return (
    (baseUrl ?? '') +
    (path.startsWith('/') ? path : path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, ''))
  )
}
