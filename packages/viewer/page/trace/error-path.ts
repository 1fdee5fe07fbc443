import type { Span } from '../../src/contract/trace.ts'

/** The spans with an error somewhere below them; spans come depth first. */
export function errorPath(spans: readonly Span[]): ReadonlySet<string> {
  const above: Span[] = []
  const found = new Set<string>()
  for (const span of spans) {
    above.length = span.depth
    if (span.status === 'error') for (const each of above) found.add(each.id)
    above.push(span)
  }
  return found
}
