import type { Dialect } from './dialect.ts'
import { endAt } from './quoted.ts'

/** The index behind the comment that begins at `at`; `undefined` when none does. */
export function endOfComment(text: string, at: number, dialect: Dialect): number | undefined {
  if (isLineComment(text, at, dialect)) {
    const end = text.slice(at).search(/[\r\n]/)
    return end === -1 ? text.length : at + end
  }
  if (text[at] !== '/' || text[at + 1] !== '*') return undefined
  return dialect.nestedComments ? endOfNested(text, at) : endAt(text, at + 2, '*/').end
}

function isLineComment(text: string, at: number, dialect: Dialect): boolean {
  if (text[at] === '#') return dialect.hashComments
  if (text[at] !== '-' || text[at + 1] !== '-') return false
  const next = text.charCodeAt(at + 2)
  return !dialect.dashesNeedSpace || Number.isNaN(next) || next <= 0x20
}

function endOfNested(text: string, at: number): number {
  const edge = /\/\*|\*\//g
  edge.lastIndex = at + 2
  let depth = 1
  while (depth > 0) {
    const found = edge.exec(text)
    if (found === null) return text.length
    depth += found[0] === '/*' ? 1 : -1
  }
  return edge.lastIndex
}
