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
const MAX_KEPT_STATEMENTS = 1000

/** Makes the reader for a `db.system.name`. It keeps what it found out about up to 1,000 statements. */
export function createStatementReader(system: string): StatementReader {
  if (!isSqlSystem(system)) return { read: () => NOTHING }
  const dialect = dialectOf(system)
  const kept = new Map<string, Statement>()
  return {
    read: (text, isParameterized) => {
      const known = kept.get(text) ?? describe(text, isParameterized)
      return isParameterized ? { text: cut(text), summary: known.summary } : known
    },
  }

  function describe(text: string, isParameterized: boolean): Statement {
    const read = tokenizeSql(text.slice(0, MAX_TEXT_CHARACTERS), dialect)
    const withoutPasswords = hidePasswords(dialect.isUnknown ? hideSettings(read) : read)
    const tokens = hideBareValues(withoutPasswords, dialect)
    const ending = text.length > MAX_TEXT_CHARACTERS ? '…' : ''
    const isShown = !dialect.isUnknown || looksLikeSql(read)
    const found = isShown
      ? { text: sanitizeSql(tokens) + ending, summary: summarizeSql(tokens) }
      : NOTHING
    // A statement with its values written into it will hardly come again.
    const recurs = isParameterized || !tokens.some(({ kind }) => kind === 'literal')
    if (recurs && text.length <= MAX_KEPT_TEXT_CHARACTERS) keep(text, found)
    return found
  }

  function keep(text: string, found: Statement): void {
    const [oldest] = kept.size < MAX_KEPT_STATEMENTS ? [] : kept.keys()
    if (oldest !== undefined) kept.delete(oldest)
    kept.set(text, found)
  }
}

function cut(text: string): string {
  return text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS)}…` : text
}
