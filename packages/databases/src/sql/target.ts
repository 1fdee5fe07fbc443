import type { SqlToken } from './token.ts'
import { BEFORE_NAME, BEFORE_OBJECT, BEFORE_TARGET, OBJECTS, UPKEEP } from './words.ts'

/** Reads a name of one or more parts, if one stands there. Returns the index after it. */
export function readTarget(tokens: readonly SqlToken[], from: number, parts: string[]): number {
  const start = skip(tokens, from, BEFORE_TARGET)
  let at = start
  let name = ''
  while (isName(tokens[at])) {
    name += tokens[at]?.text
    at += 1
    if (tokens[at]?.text !== '.' || !isName(tokens[at + 1])) break
    name += '.'
    at += 1
  }
  if (name === '' || name.toLowerCase() === 'select') return start
  parts.push(name)
  return at
}

/** Reads what is defined, and its name, if they stand there. Returns the index after them. */
export function readDefinition(tokens: readonly SqlToken[], from: number, parts: string[]): number {
  let at = skip(tokens, from, BEFORE_OBJECT)
  const object = tokens[at]
  if (object?.kind === 'word' && OBJECTS.has(object.text.toLowerCase())) {
    parts.push(object.text)
    at += 1
  }
  return readTarget(tokens, skip(tokens, at, BEFORE_NAME), parts)
}

/** The index after `(FULL, ANALYZE)` or `ANALYZE`, where one of them stands. */
export function afterOptions(tokens: readonly SqlToken[], from: number): number {
  const start = skip(tokens, skip(tokens, from, BEFORE_TARGET), UPKEEP)
  if (tokens[start]?.text !== '(') return start
  let end = start
  while (end < tokens.length && tokens[end]?.text !== ')') end += 1
  return end + 1
}

function skip(tokens: readonly SqlToken[], from: number, words: ReadonlySet<string>): number {
  let at = from
  while (tokens[at]?.kind === 'word' && words.has(tokens[at]?.text.toLowerCase() ?? '')) at += 1
  return at
}

function isName(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name'
}
