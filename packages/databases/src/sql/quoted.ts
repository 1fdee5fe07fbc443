import type { Dialect } from './dialect.ts'

/** The index after a quoted part, and whether it was closed before the text ended. */
export interface Ending {
  readonly end: number
  readonly closed: boolean
}

/**
 * Finds the end of what is quoted from `at` on, where a doubled quote stands for itself. With
 * `unknown`, a quote after a backslash may end it or not, so nothing after it can be trusted:
 * the whole rest counts as quoted.
 */
export function endOfQuoted(
  text: string,
  at: number,
  quote: string,
  backslash: Dialect['backslash'],
): Ending {
  let from = at + 1
  for (;;) {
    const next = text.indexOf(quote, from)
    if (next === -1) return { end: text.length, closed: false }
    const escaped = backslash !== 'never' && isEscaped(text, from, next)
    if (escaped && backslash === 'unknown') return { end: text.length, closed: false }
    if (escaped) from = next + 1
    else if (text[next + 1] === quote) from = next + 2
    else return { end: next + 1, closed: true }
  }
}

/** Whether an odd number of backslashes stands before `at`, none of them before `from`. */
function isEscaped(text: string, from: number, at: number): boolean {
  let count = 0
  while (at - count > from && text[at - count - 1] === '\\') count += 1
  return count % 2 === 1
}

/**
 * The end of the string that begins at `at`. Where it may stand in three quotes, and that reading ends
 * elsewhere, the whole rest counts as quoted.
 */
export function endOfString(
  text: string,
  at: number,
  quote: string,
  { backslash, tripleQuotes }: Pick<Dialect, 'backslash' | 'tripleQuotes'>,
): Ending {
  const ending = endOfQuoted(text, at, quote, backslash)
  if (!tripleQuotes || !text.startsWith(quote.repeat(3), at)) return ending
  const triple = endAt(text, at + 3, quote.repeat(3))
  // `''''` is a string that holds a quote, not one that is never closed.
  if (!triple.closed && ending.end === at + 4) return ending
  return triple.end === ending.end ? ending : { end: text.length, closed: false }
}

const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')', '<': '>' }

/** The end of `[…]'`, of `!…!'` and the like, whose opening character is at `at`. */
export function endOfOracleQuote(text: string, at: number): Ending {
  const opener = text[at] ?? ''
  return endAt(text, at + 1, `${CLOSERS[opener] ?? opener}'`)
}

/** The end of the first `closer` from `from` on. */
export function endAt(text: string, from: number, closer: string): Ending {
  const found = text.indexOf(closer, from)
  if (found === -1) return { end: text.length, closed: false }
  return { end: found + closer.length, closed: true }
}
