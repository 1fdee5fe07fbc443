import { hideBareValues } from './bare-values.ts'
import { dialectOf } from './dialect.ts'
import { hideSettings, isSqlSystem, looksLikeSql } from './language.ts'
import { hidePasswords } from './passwords.ts'
import { sanitizeSql } from './sanitize.ts'
import { summarizeSql } from './summarize.ts'
import { tokenizeSql } from './tokenize.ts'

/** What a span may say about a statement. */
export interface Statement {
  /** The statement without its literals; `undefined` where it is not SQL, and may not be shown. */
  readonly text: string | undefined
  /** `SELECT orders`; `undefined` where there is nothing to say. */
  readonly summary: string | undefined
}

/** Describes the statements of one database. */
export interface StatementReader {
  /**
   * Describes a statement. One whose values are bound is kept as it is; of any other, every literal
   * becomes `?`. Both are cut after 32,768 characters.
   */
  read(text: string, isParameterized: boolean): Statement
}

const NOTHING: Statement = { text: undefined, summary: undefined }
const MAX_TEXT_CHARACTERS = 32_768
const MAX_KEPT_TEXT_CHARACTERS = 4096
/** Of the statements that are kept, and of what was found out about them. */
const MAX_KEPT_BYTES = 2_097_152
const BYTES_OF_AN_ENTRY = 200

/** Makes the reader for a `db.system.name`. It keeps what it found out, in up to 2 MiB. */
export function createStatementReader(system: string): StatementReader {
  if (!isSqlSystem(system)) return { read: () => NOTHING }
  const dialect = dialectOf(system)
  const kept = new Map<string, Kept>()
  let keptBytes = 0
  return {
    read: (text, isParameterized) => {
      const known = kept.get(text) ?? describe(text, isParameterized)
      return isParameterized ? known.asWritten : known.sanitized
    },
  }

  function describe(text: string, isParameterized: boolean): Kept {
    const read = tokenizeSql(text.slice(0, MAX_TEXT_CHARACTERS), dialect)
    const withoutPasswords = hidePasswords(dialect.isUnknown ? hideSettings(read) : read)
    const tokens = hideBareValues(withoutPasswords, dialect)
    const ending = text.length > MAX_TEXT_CHARACTERS ? '…' : ''
    const isShown = !dialect.isUnknown || looksLikeSql(read)
    const sanitized = isShown
      ? { text: sanitizeSql(tokens) + ending, summary: summarizeSql(tokens) }
      : NOTHING
    const asWritten = { text: cut(text), summary: sanitized.summary }
    const found = { sanitized, asWritten }
    // A statement with its values written into it will hardly come again.
    const recurs = isParameterized || !tokens.some(({ kind }) => kind === 'literal')
    if (recurs && text.length <= MAX_KEPT_TEXT_CHARACTERS) keep(text, found)
    return found
  }

  function keep(text: string, found: Kept): void {
    kept.set(text, found)
    keptBytes += bytesOf(text, found)
    for (const [oldest, statement] of kept) {
      if (keptBytes <= MAX_KEPT_BYTES) return
      kept.delete(oldest)
      keptBytes -= bytesOf(oldest, statement)
    }
  }
}

/** What was found out about a statement: for when its values are in its text, and for when they are bound. */
interface Kept {
  readonly sanitized: Statement
  readonly asWritten: Statement
}

// A character takes two bytes at most. The text as it was written is the key itself.
function bytesOf(text: string, { sanitized }: Kept): number {
  const characters = text.length + (sanitized.text?.length ?? 0) + (sanitized.summary?.length ?? 0)
  return 2 * characters + BYTES_OF_AN_ENTRY
}

function cut(text: string): string {
  return text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS)}…` : text
}
