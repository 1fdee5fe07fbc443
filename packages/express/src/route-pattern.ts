/** Joins a mount's pattern and what is below it; `/` adds nothing to a mount. */
export function joinPatterns(mount: string, pattern: string): string {
  if (mount === '') return pattern
  if (pattern === '' || pattern === '/') return mount
  const prefix = mount.endsWith('/') ? mount.slice(0, -1) : mount
  return pattern.startsWith('/') ? prefix + pattern : `${prefix}/${pattern}`
}

/**
 * Whether a pattern may stand for a path: as many segments, and the same wherever the pattern has no
 * parameter. Says no to what it cannot judge.
 */
export function coversPath(pattern: string, path: string): boolean {
  const declared = segments(pattern)
  const sent = segments(path)
  const rest = declared.findIndex((segment) => segment.includes('*'))
  if (rest < 0 ? declared.length !== sent.length : sent.length < rest) return false
  const compared = rest < 0 ? declared : declared.slice(0, rest)
  return compared.every(
    (segment, at) => segment.includes(':') || segment.toLowerCase() === sent[at]?.toLowerCase(),
  )
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}
