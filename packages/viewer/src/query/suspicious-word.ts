import { QueryError } from './query-error.ts'

const JOINING: Readonly<Record<string, string>> = {
  AND: 'All terms must match one span: write them without AND, or with && between them if different spans may match.',
  OR: 'OR is not supported: use a regular expression, as in name~"cart|pay".',
  '||': 'OR is not supported: use a regular expression, as in name~"cart|pay".',
  NOT: 'Write "!" before a term that must not match, as in !name:health.',
}
const AS_TEXT = 'Put it in quotes to search for it as text.'

/**
 * Refuses a word that means something in other query languages, but is a text in this one: its
 * writer does not look for that text.
 *
 * @throws QueryError that says how it is written here
 */
export function checkWord(query: string, at: number, end: number): void {
  const word = query.slice(at, end)
  const fault = (message: string): QueryError =>
    new QueryError(`${message} ${AS_TEXT}`, at, end - at)
  const joining = Object.hasOwn(JOINING, word) ? JOINING[word] : undefined
  if (joining !== undefined) throw fault(joining)
  if (/^!?\(/.test(word)) throw fault('Parentheses are not supported: all terms must match.')
  if (/^-[a-z@$_]/i.test(word)) throw fault(`To exclude, write !${word.slice(1)}.`)
}
