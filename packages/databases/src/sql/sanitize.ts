import type { SqlToken } from './token.ts'

/** Writes tokens as SQL again: every literal is `?`, comments are gone, lists after IN are `(?)`. */
export function sanitizeSql(tokens: readonly SqlToken[]): string {
  let text = ''
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) continue
    if (token.spaced && text !== '') text += ' '
    text += token.text
    const end = isIn(token) ? endOfList(tokens, at + 1) : undefined
    if (end === undefined) continue
    text += `${tokens[at + 1]?.spaced ? ' ' : ''}(?)`
    at = end
  }
  return text
}

function isIn({ kind, text }: SqlToken): boolean {
  return kind === 'word' && text.length === 2 && text.toLowerCase() === 'in'
}

/** The index of the `)` of a list of literals whose `(` is at `from`. */
function endOfList(tokens: readonly SqlToken[], from: number): number | undefined {
  if (tokens[from]?.text !== '(') return undefined
  for (let at = from + 1; at < tokens.length; at += 1) {
    const { text } = tokens[at] ?? { text: '' }
    if (text === ')') return at > from + 1 ? at : undefined
    if (text !== '?' && text !== ',' && text !== '-' && text !== '+') return undefined
  }
  return undefined
}
