import type { Application } from './express-parts.ts'
import { matchPlace, type PlaceMatch } from './route-index.ts'
import type { RouteIndexes } from './route-indexes.ts'
import { joinPatterns } from './route-pattern.ts'

/** The application that the others are mounted in. */
export function topOf(app: Application): Application {
  const line = new Set([app])
  let top = app
  while (top.parent !== undefined && !line.has(top.parent)) {
    top = top.parent
    line.add(top)
  }
  return top
}

/** How a path led into a sub-application; `undefined` when it cannot have. */
export function entranceOf(
  indexes: RouteIndexes,
  app: Application,
  path: string,
): PlaceMatch | undefined {
  if (app === topOf(app) || app.parent === undefined) return { pattern: '', rest: path }
  const outer = entranceOf(indexes, app.parent, path)
  if (outer === undefined) return undefined
  const mounts = mountsIn(indexes, app.parent, outer)
  // Mounted twice, an application remembers its last path only: then the request decides.
  return mounts.find(({ own }) => own === String(app.mountpath)) ?? mounts[0]
}

/** The mounts of sub-applications that a path may have come through. Which is whose, Express hides. */
function mountsIn(
  indexes: RouteIndexes,
  app: Application,
  outer: PlaceMatch,
): (PlaceMatch & { own: string })[] {
  const mounts: (PlaceMatch & { own: string })[] = []
  for (const place of indexes.of(app).middlewares) {
    if (place.steps.at(-1)?.layer.name !== 'mounted_app') continue
    const match = matchPlace(place, outer.rest)
    if (match === undefined) continue
    const pattern = joinPatterns(outer.pattern, match.pattern)
    mounts.push({ pattern, rest: match.rest, own: match.pattern || '/' })
  }
  return mounts
}
