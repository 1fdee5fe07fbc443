/** Whether a database reads something in this way; `maybe` when that is not known. */
type Answer = 'yes' | 'no' | 'maybe'

/** How the SQL of a database differs from that of others in literals, names and comments. */
export interface Dialect {
  /** Whether a backslash escapes the quote after it: in every string, in none, or not known. */
  readonly backslash: 'always' | 'never' | 'unknown'
  /** What `"…"` is; with `either`, a name where only a name can stand, otherwise a string. */
  readonly doubleQuoted: 'name' | 'string' | 'either'
  /** Whether `b'…'` may have a quote after a backslash in it. */
  readonly escapedBytes: boolean
  /** Whether a string may stand in three quotes. */
  readonly tripleQuotes: boolean
  /** Whether `[name]` is a name, rather than a list or an index. */
  readonly bracketNames: Answer
  /** Whether `# …` is a comment. */
  readonly hashComments: Answer
  /** Whether `// …` is a comment. */
  readonly slashComments: Answer
  /** Whether `--` begins a comment also where no white space comes after it: `5--3` is 8 in MySQL. */
  readonly tightDashes: Answer
  /** Whether a comment to the end of the line also ends with a carriage return. */
  readonly returnEndsLine: Answer
  /** `/*!50000 …` is a part of the statement, from some version of the server on. */
  readonly versionComments: boolean
  /** A comment may stand inside another one. */
  readonly nestedComments: Answer
  /** `$tag$…$tag$`. */
  readonly dollarStrings: boolean
  /** `$5` is money, not the fifth parameter. */
  readonly dollarMoney: boolean
  /** `q'[…]'`. */
  readonly quoteOperator: boolean
  /** What `EXEC` is given may be a string without quotes. */
  readonly namesAsStrings: boolean
  /** `:5` is the fifth parameter. */
  readonly colonNumbers: boolean
  /** It is not known whether it is SQL at all, or what its clients write. */
  readonly isUnknown: boolean
}

// For an unknown system, the reading that hides more.
const UNKNOWN: Dialect = {
  backslash: 'unknown',
  doubleQuoted: 'string',
  escapedBytes: true,
  tripleQuotes: true,
  bracketNames: 'maybe',
  hashComments: 'maybe',
  slashComments: 'maybe',
  tightDashes: 'maybe',
  returnEndsLine: 'maybe',
  versionComments: true,
  nestedComments: 'maybe',
  dollarStrings: true,
  dollarMoney: false,
  quoteOperator: true,
  namesAsStrings: false,
  colonNumbers: false,
  isUnknown: true,
}

const STANDARD: Dialect = {
  ...UNKNOWN,
  backslash: 'never',
  doubleQuoted: 'name',
  escapedBytes: false,
  tripleQuotes: false,
  bracketNames: 'no',
  hashComments: 'no',
  slashComments: 'no',
  tightDashes: 'yes',
  versionComments: false,
  nestedComments: 'no',
  dollarStrings: false,
  quoteOperator: false,
  isUnknown: false,
}

const POSTGRES: Dialect = {
  ...STANDARD,
  returnEndsLine: 'yes',
  nestedComments: 'yes',
  dollarStrings: true,
}

const MYSQL: Dialect = {
  ...STANDARD,
  backslash: 'always',
  doubleQuoted: 'string',
  hashComments: 'yes',
  tightDashes: 'no',
  returnEndsLine: 'no',
  versionComments: true,
}

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['postgresql', POSTGRES],
  ['cockroachdb', { ...POSTGRES, returnEndsLine: 'no', escapedBytes: true }],
  ['mysql', MYSQL],
  ['mariadb', MYSQL],
  // A `"name"` that no column has is a string to it.
  ['sqlite', { ...STANDARD, doubleQuoted: 'either', bracketNames: 'yes', returnEndsLine: 'no' }],
  // So is any where QUOTED_IDENTIFIER is off.
  [
    'microsoft.sql_server',
    {
      ...STANDARD,
      doubleQuoted: 'either',
      bracketNames: 'yes',
      nestedComments: 'yes',
      dollarMoney: true,
      namesAsStrings: true,
    },
  ],
  ['oracle.db', { ...STANDARD, quoteOperator: true, colonNumbers: true }],
])

/** The dialect of a `db.system.name`. */
export function dialectOf(system: string): Dialect {
  return DIALECTS.get(system) ?? UNKNOWN
}
