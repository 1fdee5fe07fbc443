/** Whether a database reads something so; `maybe` when nobody knows. */
type Answer = 'yes' | 'no' | 'maybe'

/** What a database's SQL writes differently from another's, as far as literals and names go. */
export interface Dialect {
  /** Whether a backslash escapes the quote after it: in every string, in none, or nobody knows. */
  readonly backslash: 'always' | 'never' | 'unknown'
  /** What `"…"` is. */
  readonly doubleQuoted: 'name' | 'string'
  /** Whether `[name]` is a name, rather than a list or an index. */
  readonly bracketNames: Answer
  /** Whether `# …` is a comment. */
  readonly hashComments: Answer
  /** Whether `--` begins a comment also where no white space is behind it: `5--3` is 8 in MySQL. */
  readonly tightDashes: Answer
  /** `/*!50000 …` is a part of the statement, from some version of the server on. */
  readonly versionComments: boolean
  /** A comment may stand inside another one. */
  readonly nestedComments: boolean
  /** `$tag$…$tag$`. */
  readonly dollarStrings: boolean
  /** `$5` is money, not the fifth parameter. */
  readonly dollarMoney: boolean
  /** `q'[…]'`. */
  readonly quoteOperator: boolean
  /** `:5` is the fifth parameter. */
  readonly colonNumbers: boolean
}

// For a system that nobody has told us about, the reading that hides more.
const UNKNOWN: Dialect = {
  backslash: 'unknown',
  doubleQuoted: 'string',
  bracketNames: 'maybe',
  hashComments: 'maybe',
  tightDashes: 'maybe',
  versionComments: false,
  nestedComments: true,
  dollarStrings: true,
  dollarMoney: false,
  quoteOperator: true,
  colonNumbers: false,
}

const STANDARD: Dialect = {
  ...UNKNOWN,
  backslash: 'never',
  doubleQuoted: 'name',
  bracketNames: 'no',
  hashComments: 'no',
  tightDashes: 'yes',
  nestedComments: false,
  dollarStrings: false,
  quoteOperator: false,
}

const POSTGRES: Dialect = { ...STANDARD, nestedComments: true, dollarStrings: true }

const MYSQL: Dialect = {
  ...STANDARD,
  backslash: 'always',
  doubleQuoted: 'string',
  hashComments: 'yes',
  tightDashes: 'no',
  versionComments: true,
}

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['postgresql', POSTGRES],
  ['cockroachdb', POSTGRES],
  ['mysql', MYSQL],
  ['mariadb', MYSQL],
  ['sqlite', { ...STANDARD, bracketNames: 'yes' }],
  [
    'microsoft.sql_server',
    { ...STANDARD, bracketNames: 'yes', nestedComments: true, dollarMoney: true },
  ],
  ['oracle.db', { ...STANDARD, quoteOperator: true, colonNumbers: true }],
])

/** The dialect of a `db.system.name`. */
export function dialectOf(system: string): Dialect {
  return DIALECTS.get(system) ?? UNKNOWN
}
