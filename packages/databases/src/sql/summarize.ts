import type { SqlToken } from './tokenize.ts'
import {
  BEFORE_NAME,
  BEFORE_OBJECT,
  BEFORE_TARGET,
  CALLS,
  DATA,
  DEFINITION,
  ENDS_TARGETS,
  OBJECTS,
  OTHER_VERBS,
  TARGET_FOLLOWS,
} from './words.ts'

/** What a summary may have at most (database conventions, "Generating query summary"). */
const MAX_LENGTH = 255

/** One level of parentheses. */
interface Level {
  /** What is being done at this level: the verb, in lower case. */
  verb: string
  /** Whether a comma begins another target. */
  inTargets: boolean
}

/**
 * Says in a few words what a statement does to what: `SELECT orders`, `INSERT archive SELECT orders`.
 * Verbs and names are spelt as they are in the statement. `undefined` where there is nothing to say.
 */
export function summarizeSql(tokens: readonly SqlToken[]): string | undefined {
  const parts: string[] = []
  const levels: Level[] = [{ verb: '', inTargets: false }]
  let isStart = true
  let at = 0
  while (at < tokens.length) {
    const token = tokens[at]
    const level = levels.at(-1)
    if (token === undefined || level === undefined) break
    if (token.kind === 'symbol') {
      isStart = enter(token.text, levels, isStart)
      at += 1
      if (token.text === ',' && level.inTargets) at = readTarget(tokens, at, parts)
      continue
    }
    at = readPart(tokens, at, { parts, level, isStart })
    isStart = isStart && token.text.toLowerCase() === 'explain'
  }
  return join(parts)
}

/** Follows parentheses and semicolons. Returns whether a statement may begin behind the symbol. */
function enter(symbol: string, levels: Level[], isStart: boolean): boolean {
  if (symbol === ';') {
    levels.length = 0
    levels.push({ verb: '', inTargets: false })
    return true
  }
  if (symbol === '(') {
    levels.push({ verb: '', inTargets: false })
    return true
  }
  if (symbol !== ')') return isStart
  if (levels.length > 1) levels.pop()
  return levels.at(-1)?.verb === 'with'
}

interface Place {
  readonly parts: string[]
  readonly level: Level
  readonly isStart: boolean
}

/** Reads one word, and what belongs to it. Returns the index of what comes next. */
function readPart(tokens: readonly SqlToken[], at: number, place: Place): number {
  const token = tokens[at]
  if (token?.kind !== 'word') return at + 1
  const word = token.text.toLowerCase()
  const { parts, level, isStart } = place
  if (isVerb(word, tokens, at, place)) {
    level.verb = word
    level.inTargets = false
    parts.push(token.text)
    return word === 'update' ? readTarget(tokens, at + 1, parts) : at + 1
  }
  if (isStart) return readStatement(tokens, at, place)
  if (TARGET_FOLLOWS.has(word) && beginsTarget(word, tokens, at, level)) {
    level.inTargets = word === 'from'
    return readTarget(tokens, at + 1, parts)
  }
  if (ENDS_TARGETS.has(word)) level.inTargets = false
  return at + 1
}

// SELECT is a verb wherever it stands; the others also are clauses: FOR UPDATE, ON DELETE, REPLACE().
function isVerb(
  word: string,
  tokens: readonly SqlToken[],
  at: number,
  { level, isStart }: Place,
): boolean {
  if (DEFINITION.has(level.verb)) return false
  if (word === 'select') return true
  return DATA.has(word) && isStart && tokens[at + 1]?.text !== '('
}

/** A statement that is about no rows: its verb, and what it defines, calls or begins. */
function readStatement(tokens: readonly SqlToken[], at: number, { parts, level }: Place): number {
  const token = tokens[at]
  if (token === undefined) return at
  const word = token.text.toLowerCase()
  if (level.verb === 'with' || isInside(tokens, at)) return at + 1
  level.verb = word
  if (!OTHER_VERBS.has(word) && !CALLS.has(word) && !DEFINITION.has(word)) return at + 1
  parts.push(token.text)
  if (CALLS.has(word)) return readTarget(tokens, at + 1, parts)
  return DEFINITION.has(word) ? readDefinition(tokens, at + 1, parts) : at + 1
}

/** Whether a word stands right behind an opening parenthesis: an expression, not a statement. */
function isInside(tokens: readonly SqlToken[], at: number): boolean {
  return tokens[at - 1]?.text === '('
}

function readDefinition(tokens: readonly SqlToken[], from: number, parts: string[]): number {
  let at = skip(tokens, from, BEFORE_OBJECT)
  const object = tokens[at]
  if (object?.kind === 'word' && OBJECTS.has(object.text.toLowerCase())) {
    parts.push(object.text)
    at += 1
  }
  return readTarget(tokens, skip(tokens, at, BEFORE_NAME), parts)
}

// FROM is a clause of a statement, unless it is part of a function or of IS DISTINCT FROM.
function beginsTarget(
  word: string,
  tokens: readonly SqlToken[],
  at: number,
  { verb }: Level,
): boolean {
  if (word === 'from') {
    if (tokens[at - 1]?.text.toLowerCase() === 'distinct') return false
    return verb === 'select' || verb === 'delete' || verb === 'update' || verb === 'merge'
  }
  if (word === 'using') return verb === 'merge' || verb === 'delete'
  if (word === 'into') return DATA.has(verb)
  return word === 'join' && DATA.has(verb)
}

/** Reads a name of one or more parts, if one stands there. Returns the index behind it. */
function readTarget(tokens: readonly SqlToken[], from: number, parts: string[]): number {
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

function skip(tokens: readonly SqlToken[], from: number, words: ReadonlySet<string>): number {
  let at = from
  while (tokens[at]?.kind === 'word' && words.has(tokens[at]?.text.toLowerCase() ?? '')) at += 1
  return at
}

function isName(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name'
}

/** Joins as many parts as the length allows. */
function join(parts: readonly string[]): string | undefined {
  let summary = ''
  for (const part of parts) {
    const longer = summary === '' ? part : `${summary} ${part}`
    if (longer.length > MAX_LENGTH) break
    summary = longer
  }
  return summary === '' ? undefined : summary
}
