import type { Dialect } from './dialect.ts'
import type { SqlToken } from './token.ts'

/** Where the data begin that stand in a text after its statement, once the last token read says so. */
export type DataFinder = (tokens: readonly SqlToken[], at: number) => number | undefined

// COPY t (a, b) FROM STDIN WITH (FORMAT csv, NULL ''); and no more.
const COPY_HEADER = /[^;\n(]*(?:\([^)]*\)[^;\n]*)?/y

/** Looks out for `COPY … FROM STDIN` and, where nobody knows the system, ClickHouse's `INSERT … FORMAT`. */
export function createDataFinder(text: string, { isUnknown }: Dialect): DataFinder {
  let copies = false
  let inserts = false
  let isFound = false
  return (tokens, at) => {
    const word = wordAt(tokens, -1)
    if (word === 'copy') copies = true
    else if (word === 'insert') inserts = true
    if (copies && !isFound && word === 'stdin' && wordAt(tokens, -2) === 'from') {
      // Looked for once: to look again at each of many would take time in proportion to their square.
      isFound = true
      COPY_HEADER.lastIndex = at
      COPY_HEADER.test(text)
      return begins(text, COPY_HEADER.lastIndex)
    }
    // What comes after the name of a format is in that format, whatever it looks like.
    if (isUnknown && inserts && wordAt(tokens, -2) === 'format') return begins(text, at)
    return undefined
  }
}

function begins(text: string, at: number): number | undefined {
  return /[^\s;]/.test(text.slice(at)) ? at : undefined
}

function wordAt(tokens: readonly SqlToken[], index: number): string | undefined {
  const token = tokens.at(index)
  // No word that is looked for is longer.
  return token?.kind === 'word' && token.text.length <= 6 ? token.text.toLowerCase() : undefined
}
