/** What a pattern is called: a text as it is, an object as JSON in the order of its members' names. */
export function patternName(pattern: unknown): string | undefined {
  if (typeof pattern === 'string') return pattern
  if (typeof pattern === 'number') return String(pattern)
  if (typeof pattern !== 'object' || pattern === null) return undefined
  return JSON.stringify(sorted(pattern, MAX_DEPTH))
}

/** Of what lies deeper, the name says nothing. */
const MAX_DEPTH = 4

function sorted(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return typeof value === 'bigint' ? String(value) : value
  }
  if (depth === 0) return '…'
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member, depth - 1)]))
}
