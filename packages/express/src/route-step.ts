import type { Layer, Path } from './express-parts.ts'
import { declaredAlternative, matchCompiled, plainMount } from './express4-pattern.ts'
import { undeclaredPattern } from './undeclared-pattern.ts'

/** One layer on the way to a route. */
export interface Step {
  readonly layer: Layer
  /** Its pattern, where it can have but one. */
  readonly pattern: string | undefined
  /** Patterns worked out from requests, by the shape of the path that they took. */
  readonly learned: Map<string, string | undefined>
}

/** The part of a path that a step took. */
export interface StepMatch {
  /** As it was declared, `/orgs/:org`; `undefined` when that cannot be told. */
  readonly pattern: string | undefined
  /** As it was sent, `/orgs/acme`. */
  readonly path: string
}

/** Reads from a layer all that can be known without a request. */
export function createStep(layer: Layer): Step {
  return { layer, pattern: onlyPattern(layer), learned: new Map() }
}

/**
 * Matches a step against a path as its router did, without touching what the router keeps in it, and
 * says which of its patterns it was.
 */
export function matchStep(step: Step, path: string): StepMatch | undefined {
  if (takesEveryPath(step.layer)) return { pattern: '', path: '' }
  try {
    return step.layer.matchers === undefined ? matchExpress4(step, path) : matchRouter2(step, path)
  } catch {
    // A parameter that cannot be decoded: the router does not take that for a match either.
    return undefined
  }
}

function onlyPattern(layer: Layer): string | undefined {
  if (takesEveryPath(layer)) return ''
  const { rawPath, route, regexp, keys } = layer
  const path = rawPath ?? route?.path
  if (path === undefined) return regexp && plainMount(regexp, keys ?? [])
  return typeof path === 'string' || path instanceof RegExp ? String(path) : undefined
}

function takesEveryPath({ slash, regexp }: Layer): boolean {
  return slash === true || regexp?.fast_slash === true
}

function matchRouter2(step: Step, path: string): StepMatch | undefined {
  const { matchers = [], rawPath, route } = step.layer
  for (const [at, matcher] of matchers.entries()) {
    const match = matcher(path)
    if (match === false) continue
    const declared = declaredAt(rawPath ?? route?.path, at)
    if (declared !== undefined) return { pattern: declared, path: match.path }
    const shape = `${at} ${Object.keys(match.params)} ${match.path.split('/').length}`
    if (!step.learned.has(shape)) step.learned.set(shape, undeclaredPattern(matcher, match))
    return { pattern: step.learned.get(shape), path: match.path }
  }
  return undefined
}

function matchExpress4({ layer, pattern }: Step, path: string): StepMatch | undefined {
  const { regexp, keys = [], route } = layer
  if (regexp === undefined) return undefined
  if (regexp.fast_star === true) return { pattern: '*', path }
  const match = matchCompiled(regexp, keys, path)
  if (match === undefined) return undefined
  const declared = pattern ?? declaredAlternative(regexp, route?.path, path)
  return declared === undefined ? match : { pattern: declared, path: match.path }
}

function declaredAt(path: Path | undefined, at: number): string | undefined {
  if (path === undefined) return undefined
  if (typeof path === 'string' || path instanceof RegExp) return String(path)
  const paths: readonly unknown[] = path
  const one = paths.flat(Number.POSITIVE_INFINITY)[at]
  return one === undefined ? undefined : String(one)
}
