import type { PathMatch } from './express-parts.ts'

type Matcher = (path: string) => PathMatch | false

const MAX_TRIES = 64

/**
 * The pattern of a mount of router 2 before 2.3, which keeps none: puts the parameters' names in the
 * place of their values, and lets the mount's own matcher say whether that is it. Where the path is
 * matched whatever its case, it is written in lower case. `undefined` when it cannot be told.
 */
export function undeclaredPattern(
  matcher: Matcher,
  { path, params }: PathMatch,
): string | undefined {
  if (matcher.name === 'regexpMatcher') return undefined
  const values: [string, string][] = []
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'string') values.push([`:${name}`, value])
    else if (Array.isArray(value)) values.push([`*${name}`, value.join('/')])
  }
  const taken = path.replace(/\/$/, '')
  const pieces = piecesOf(taken, values, matcher, { left: MAX_TRIES })
  if (pieces === undefined) return undefined
  const lower = write(
    pieces.map((piece) => piece.toLowerCase()),
    values,
  )
  return accepts(matcher, lower, values) ? lower : write(pieces, values)
}

/** The texts before, between and after the values of a path. */
function piecesOf(
  path: string,
  values: readonly [string, string][],
  matcher: Matcher,
  tries: { left: number },
  found: readonly string[] = [],
): string[] | undefined {
  const value = values[found.length]?.[1]
  if (value === undefined) {
    const pieces = [...found, path]
    tries.left -= 1
    return accepts(matcher, write(pieces, values), values) ? pieces : undefined
  }
  for (const raw of new Set([value, encodeURIComponent(value), encodeURI(value)])) {
    for (let at = path.indexOf(raw); at >= 0 && tries.left > 0; at = path.indexOf(raw, at + 1)) {
      const rest = path.slice(at + raw.length)
      const pieces = piecesOf(rest, values, matcher, tries, [...found, path.slice(0, at)])
      if (pieces !== undefined) return pieces
    }
  }
  return undefined
}

function write(pieces: readonly string[], values: readonly [string, string][]): string {
  return pieces.map((piece, at) => piece + (values[at]?.[0] ?? '')).join('')
}

function accepts(matcher: Matcher, pattern: string, values: readonly [string, string][]): boolean {
  const match = matcher(pattern)
  if (match === false || match.path.replace(/\/$/, '') !== pattern) return false
  return values.every(([name]) => String(match.params[name.slice(1)]) === name)
}
