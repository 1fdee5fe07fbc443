import type { Application } from './express-parts.ts'
import { matchPlace, type PlaceMatch } from './route-index.ts'
import type { RouteIndexes } from './route-indexes.ts'
import { joinPatterns } from './route-pattern.ts'

/** The application that the others are mounted in. */
export function topOf(app: Application): Application {
  let top = app
  while (top.parent !== undefined) top = top.parent
  return top
}

/**
 * The ways in which a path may have led into an application, the likeliest first. Express hides which
 * mount is whose, and an application that is mounted twice remembers its last path only.
 */
export function entrancesOf(
  indexes: RouteIndexes,
  app: Application,
  path: string,
): readonly PlaceMatch[] {
  const { parent, mountpath } = app
  if (parent === undefined) return [{ pattern: '', rest: path }]
  const own = ([mountpath] as unknown[]).flat(Number.POSITIVE_INFINITY)
  const likely: PlaceMatch[] = []
  const others: PlaceMatch[] = []
  for (const outer of entrancesOf(indexes, parent, path)) {
    for (const place of indexes.of(parent).middlewares) {
      if (place.steps.at(-1)?.layer.name !== 'mounted_app') continue
      const mount = matchPlace(place, outer.rest)
      if (mount === undefined) continue
      const entrance = { pattern: joinPatterns(outer.pattern, mount.pattern), rest: mount.rest }
      if (own.some((path) => String(path) === (mount.pattern || '/'))) likely.push(entrance)
      else others.push(entrance)
    }
  }
  return [...likely, ...others]
}
