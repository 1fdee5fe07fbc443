import type { SqlToken } from './token.ts'

const BEFORE_NAME: ReadonlySet<string> = new Set(
  'from join into update table exists only'.split(' '),
)

/**
 * Whether what follows these tokens, and ends at `end`, can only be a name. Elsewhere a server may read
 * a `"name"` that does not exist as a string.
 */
export function isNamePlace(tokens: readonly SqlToken[], text: string, end: number): boolean {
  const last = tokens.at(-1)
  if (last?.text === '.' || isPart(text, end)) return true
  if (last?.kind !== 'word') return false
  const word = last.text.toLowerCase()
  if (!BEFORE_NAME.has(word)) return false
  return word !== 'from' || tokens.at(-2)?.text.toLowerCase() !== 'distinct'
}

// Of "shop"."orders", or "orders".*: a string has no parts.
function isPart(text: string, end: number): boolean {
  return text[end] === '.' && /["`[*\p{L}_]/u.test(text[end + 1] ?? '')
}
