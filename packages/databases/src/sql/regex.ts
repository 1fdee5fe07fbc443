import type { Dialect } from './dialect.ts'
import type { SqlToken } from './token.ts'

/**
 * The end of the regular expression that begins at `at`: `host =~ /it's/`, or `FROM /cpu/`, as
 * InfluxQL and Flux have them. `undefined` where there is none. One that is not closed has no end.
 */
export function endOfRegex(
  tokens: readonly SqlToken[],
  text: string,
  at: number,
  { isUnknown }: Dialect,
): number | undefined {
  if (!isUnknown || text[at] !== '/' || !mayStandAfter(tokens)) return undefined
  let from = at + 1
  while (from < text.length && text[from] !== '/') from += text[from] === '\\' ? 2 : 1
  return Math.min(from + 1, text.length)
}

// Elsewhere it divides.
function mayStandAfter(tokens: readonly SqlToken[]): boolean {
  const last = tokens.at(-1)?.text.toLowerCase()
  if (last === '~') return /^[=!]$/.test(tokens.at(-2)?.text ?? '')
  return last === 'from'
}
