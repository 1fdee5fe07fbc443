import { type Application, innerStackOf, type Layer, type Route, stackOf } from './express-parts.ts'
import { matchLayer, onlyPattern } from './layer-match.ts'
import { joinPatterns } from './route-pattern.ts'

/** Where a route or a middleware is in an application. */
export interface Place {
  /** The layers that lead to it, outermost first, and its own. */
  readonly layers: readonly Layer[]
  /** Its pattern, where it can have but one. */
  readonly pattern: string | undefined
}

/** Where everything is in one application. */
export interface RouteIndex {
  readonly routes: ReadonlyMap<Route, readonly Place[]>
  /** What may hold routes that cannot be seen: sub-applications, and functions that call a router. */
  readonly middlewares: readonly Place[]
  /** False once a router has got more routes, or less. */
  isCurrent(): boolean
}

/** The part of a path that the layers of a place took. */
export interface PlaceMatch {
  readonly pattern: string
  /** What is left of the path. */
  readonly rest: string
}

/** Walks through the routers of an application. */
export function createRouteIndex(app: Application): RouteIndex {
  const routes = new Map<Route, Place[]>()
  const middlewares: Place[] = []
  const seen: { stack: readonly Layer[]; length: number }[] = []

  function walk(stack: readonly Layer[], mounts: readonly Layer[]): void {
    seen.push({ stack, length: stack.length })
    for (const layer of stack) {
      const layers = [...mounts, layer]
      const inner = layer.route === undefined ? innerStackOf(layer) : undefined
      if (inner !== undefined) {
        // A router inside itself would lead nowhere.
        if (!mounts.some((mount) => innerStackOf(mount) === inner)) walk(inner, layers)
        continue
      }
      const place = { layers, pattern: patternOf(layers) }
      if (layer.route === undefined) middlewares.push(place)
      else routes.set(layer.route, [...(routes.get(layer.route) ?? []), place])
    }
  }

  walk(stackOf(app), [])
  return {
    routes,
    middlewares,
    isCurrent: () => seen.every(({ stack, length }) => stack.length === length),
  }
}

/** Follows a path through the layers of a place; `undefined` when they do not take it. */
export function matchPlace({ layers }: Place, path: string): PlaceMatch | undefined {
  let pattern = ''
  let rest = path
  for (const layer of layers) {
    const match = matchLayer(layer, rest)
    if (match?.pattern === undefined) return undefined
    pattern = joinPatterns(pattern, match.pattern)
    rest = rest.slice(match.path.length)
    if (!rest.startsWith('/')) rest = `/${rest}`
  }
  return { pattern, rest }
}

function patternOf(layers: readonly Layer[]): string | undefined {
  let pattern = ''
  for (const layer of layers) {
    const own = onlyPattern(layer)
    if (own === undefined) return undefined
    pattern = joinPatterns(pattern, own)
  }
  return pattern
}
