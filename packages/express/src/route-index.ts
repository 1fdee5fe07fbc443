import { type Application, innerStackOf, type Layer, type Route, stackOf } from './express-parts.ts'
import { joinPatterns } from './route-pattern.ts'
import { createStep, matchStep, type Step } from './route-step.ts'

/** Where a route or a middleware is in an application. */
export interface Place {
  /** The mounts that lead to it, outermost first, and its own path. */
  readonly steps: readonly Step[]
  /** Its pattern, where it can have but one. */
  readonly pattern: string | undefined
}

/** Where everything is in one application. */
export interface RouteIndex {
  readonly routes: ReadonlyMap<Route, readonly Place[]>
  /** What may hold routes that cannot be seen: sub-applications, and functions that call a router. */
  readonly middlewares: readonly Place[]
  /** False once a router has got more routes, or fewer. */
  isCurrent(): boolean
}

/** How a place takes a path. */
export interface PlaceMatch {
  readonly pattern: string
  /** What is left of the path, from its slash on. */
  readonly rest: string
}

interface Draft {
  readonly routes: Map<Route, Place[]>
  readonly middlewares: Place[]
  readonly stacks: { readonly stack: readonly Layer[]; readonly length: number }[]
}

/** Walks through the routers of an application. */
export function createRouteIndex(app: Application): RouteIndex {
  const draft: Draft = { routes: new Map(), middlewares: [], stacks: [] }
  addStack(draft, stackOf(app), [])
  const { routes, middlewares, stacks } = draft
  return {
    routes,
    middlewares,
    isCurrent: () => stacks.every(({ stack, length }) => stack.length === length),
  }
}

/** Follows a path to a place; `undefined` when it does not lead there. */
export function matchPlace({ steps }: Place, path: string): PlaceMatch | undefined {
  let pattern = ''
  let rest = path
  for (const step of steps) {
    const match = matchStep(step, rest)
    if (match?.pattern === undefined) return undefined
    pattern = joinPatterns(pattern, match.pattern)
    rest = rest.slice(match.path.length)
    if (!rest.startsWith('/')) rest = `/${rest}`
  }
  return { pattern, rest }
}

function addStack(draft: Draft, stack: readonly Layer[], mounts: readonly Step[]): void {
  draft.stacks.push({ stack, length: stack.length })
  for (const layer of stack) {
    const steps = [...mounts, createStep(layer)]
    const { route } = layer
    const inner = innerStackOf(layer)
    if (route !== undefined) {
      draft.routes.set(route, [...(draft.routes.get(route) ?? []), createPlace(steps)])
    } else if (inner === undefined) {
      draft.middlewares.push(createPlace(steps))
    } else if (!mounts.some((mount) => innerStackOf(mount.layer) === inner)) {
      // A router inside itself would lead nowhere.
      addStack(draft, inner, steps)
    }
  }
}

function createPlace(steps: readonly Step[]): Place {
  let pattern = ''
  for (const step of steps) {
    if (step.pattern === undefined) return { steps, pattern: undefined }
    pattern = joinPatterns(pattern, step.pattern)
  }
  return { steps, pattern }
}
