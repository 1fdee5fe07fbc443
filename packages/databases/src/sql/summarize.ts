import { afterOptions, readDefinition, readTarget } from './target.ts'
import type { SqlToken } from './token.ts'
import {
  CALLS,
  DATA,
  DEFINITION,
  ENDS_TARGETS,
  OTHER_VERBS,
  RIGHTS,
  TARGET_FOLLOWS,
  UPKEEP,
} from './words.ts'

/** The longest summary (database conventions, "Generating query summary"). */
const MAX_SUMMARY_CHARACTERS = 255

// INTO is optional for some; where it stands, it is skipped.
const TARGET_AFTER: ReadonlySet<string> = new Set(['update', 'insert', 'merge', 'upsert'])

/** One level of parentheses. */
interface Level {
  /** What is being done at this level: the verb, in lower case. */
  verb: string
  /** Whether a comma begins another target. */
  inTargets: boolean
}

/**
 * Says in a few words what a statement does, and to what: `SELECT orders`, `INSERT archive SELECT orders`.
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
    isStart = isStart && explains(level)
  }
  return join(parts)
}

/** Follows parentheses and semicolons. Returns whether a statement may begin after the symbol. */
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
  const around = levels.at(-1)
  return around !== undefined && (around.verb === 'with' || explains(around))
}

/** Whether another statement follows the words read so far. */
function explains({ verb }: Level): boolean {
  return verb === 'explain'
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
    return TARGET_AFTER.has(word) ? readTarget(tokens, at + 1, parts) : at + 1
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
  if (DEFINITION.has(level.verb) || RIGHTS.has(level.verb)) return false
  if (word === 'select') return true
  return DATA.has(word) && isStart && tokens[at + 1]?.text !== '('
}

/** A statement that is not about rows: its verb, and what it defines, calls or begins. */
function readStatement(tokens: readonly SqlToken[], at: number, { parts, level }: Place): number {
  const token = tokens[at]
  if (token === undefined) return at
  const word = token.text.toLowerCase()
  if (level.verb === 'with' || isInside(tokens, at)) return at + 1
  const next = readVerb(tokens, at, word, parts)
  // EXPLAIN ANALYZE: what is explained comes next.
  if (!explains(level)) level.verb = word
  level.inTargets = word === 'truncate' || word === 'drop'
  return next
}

function readVerb(tokens: readonly SqlToken[], at: number, word: string, parts: string[]): number {
  const isUpkeep = UPKEEP.has(word)
  if (![OTHER_VERBS, CALLS, DEFINITION].some((verbs) => verbs.has(word)) && !isUpkeep) return at + 1
  const explained = parts.at(-1)?.toLowerCase() === 'explain'
  parts.push(tokens[at]?.text ?? '')
  if (CALLS.has(word)) return readTarget(tokens, at + 1, parts)
  if (isUpkeep && !explained) return readTarget(tokens, afterOptions(tokens, at + 1), parts)
  return DEFINITION.has(word) ? readDefinition(tokens, at + 1, parts) : at + 1
}

/** Whether a word stands right after an opening parenthesis: an expression, not a statement. */
function isInside(tokens: readonly SqlToken[], at: number): boolean {
  return tokens[at - 1]?.text === '('
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
  if (word === 'into') return DATA.has(verb) || verb === 'load'
  return word === 'join' && DATA.has(verb)
}

/** Joins as many parts as the length allows. */
function join(parts: readonly string[]): string | undefined {
  let summary = ''
  for (const part of parts) {
    const longer = summary === '' ? part : `${summary} ${part}`
    if (longer.length > MAX_SUMMARY_CHARACTERS) break
    summary = longer
  }
  return summary === '' ? undefined : summary
}
