import type { Layer, Path } from './express-parts.ts'
import { declaredAlternative, matchCompiled, plainMount } from './express4-pattern.ts'
import { undeclaredPattern } from './undeclared-pattern.ts'

/** The part of a path that a layer took. */
export interface LayerMatch {
  /** As it was declared, `/orgs/:org`; `undefined` when that cannot be told. */
  readonly pattern: string | undefined
  /** As it was sent, `/orgs/acme`. */
  readonly path: string
}

const EVERY_PATH: LayerMatch = { pattern: '', path: '' }

/**
 * Matches a layer against a path as its router did, without touching what the router keeps in it,
 * and says which of its patterns it was.
 */
export function matchLayer(layer: Layer, path: string): LayerMatch | undefined {
  if (takesEveryPath(layer)) return EVERY_PATH
  try {
    return layer.matchers === undefined ? matchExpress4(layer, path) : matchRouter2(layer, path)
  } catch {
    // A parameter that cannot be decoded: to the router, too, that is no match.
    return undefined
  }
}

/** The pattern of a layer that can have but one; `undefined` for the others. */
export function onlyPattern(layer: Layer): string | undefined {
  if (takesEveryPath(layer)) return ''
  const { rawPath, route, regexp, keys } = layer
  const path = rawPath ?? route?.path
  if (typeof path === 'string' || path instanceof RegExp) return String(path)
  if (path === undefined && regexp !== undefined) return plainMount(regexp, keys ?? [])
  return undefined
}

function takesEveryPath({ slash, regexp }: Layer): boolean {
  return slash === true || regexp?.fast_slash === true
}

function matchRouter2(
  { matchers = [], rawPath, route }: Layer,
  path: string,
): LayerMatch | undefined {
  for (const [at, matcher] of matchers.entries()) {
    const match = matcher(path)
    if (match === false) continue
    const declared = declaredAt(rawPath ?? route?.path, at)
    return { pattern: declared ?? undeclaredPattern(matcher, match), path: match.path }
  }
  return undefined
}

function matchExpress4(layer: Layer, path: string): LayerMatch | undefined {
  const { regexp, keys = [], route } = layer
  if (regexp === undefined) return undefined
  if (regexp.fast_star === true) return { pattern: '*', path }
  const match = matchCompiled(regexp, keys, path)
  if (match === undefined) return undefined
  const declared = Array.isArray(route?.path)
    ? declaredAlternative(regexp, route.path, path)
    : onlyPattern(layer)
  return declared === undefined ? match : { pattern: declared, path: match.path }
}

function declaredAt(path: Path | undefined, at: number): string | undefined {
  if (path === undefined) return undefined
  if (typeof path === 'string' || path instanceof RegExp) return String(path)
  const paths: readonly unknown[] = path
  const one = paths.flat(Number.POSITIVE_INFINITY)[at]
  return one === undefined ? undefined : String(one)
}
