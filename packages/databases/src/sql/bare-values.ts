import type { Dialect } from './dialect.ts'
import type { SqlToken } from './token.ts'

// Values that a statement takes as a word or a name, without quotes.

const WORDS = /^(?:set|pragma|attach|exec|execute)$/i
const EXECUTE = /^exec(?:ute)?$/
/** The keys of an encrypted database of SQLite. */
const KEYS: ReadonlySet<string> = new Set(['key', 'rekey', 'hexkey', 'hexrekey', 'textkey'])
/** What follows the arguments of a procedure, or is not an argument. */
const AFTER_ARGUMENTS: ReadonlySet<string> = new Set(
  `as at on to with using select insert update delete merge exec execute begin end if else while return set
  declare print go commit rollback raiserror throw drop create alter truncate use`.split(/\s+/),
)
const NO_VALUE: ReadonlySet<string> = new Set(['output', 'out', 'default', 'null'])

/** What the words from here on are. */
type Reading = 'statement' | 'value' | 'procedure' | 'arguments'

/**
 * The same tokens, with `?` for what is written as a word or a name and is a value: a setting of the
 * application's own (`SET app.tenant = acme`), the key of an encrypted SQLite, an argument of `EXEC`.
 */
export function hideBareValues(tokens: readonly SqlToken[], dialect: Dialect): readonly SqlToken[] {
  if (!tokens.some(({ kind, text }) => kind === 'word' && WORDS.test(text))) return tokens
  let verb = ''
  let reading: Reading = 'statement'
  return tokens.map((token, at) => {
    if (at === 0 || tokens[at - 1]?.text === ';') {
      verb = wordOf(token)
      reading = 'statement'
    }
    reading = readCall(tokens, at, reading)
    const isHidden = reading === 'value' || reading === 'arguments'
    if (dialect.namesAsStrings && EXECUTE.test(wordOf(token))) reading = 'procedure'
    else if (reading === 'statement' && beginsValue(tokens, at, verb)) reading = 'value'
    return isHidden && isBare(token) && !NO_VALUE.has(wordOf(token)) ? hidden(token) : token
  })
}

/** Whether what comes after this token is a value, up to the end of the statement. */
function beginsValue(tokens: readonly SqlToken[], at: number, verb: string): boolean {
  const word = wordOf(tokens[at])
  const before = wordOf(tokens[at - 1])
  if (verb === 'attach') return word === 'key'
  if (verb === 'pragma') return KEYS.has(before) && (word === '=' || word === '(')
  if (verb !== 'set' && verb !== 'alter') return false
  // SET [LOCAL] app.tenant TO …: the name of a setting of one's own has a dot.
  if ((word !== '=' && word !== 'to') || tokens[at - 2]?.text !== '.') return false
  return ['set', 'local', 'session', 'global'].includes(wordOf(tokens[at - 4]))
}

function readCall(tokens: readonly SqlToken[], at: number, reading: Reading): Reading {
  if (reading !== 'procedure' && reading !== 'arguments') return reading
  const token = tokens[at]
  const word = wordOf(token)
  if (word === '(' && reading === 'procedure') return 'statement'
  if (token?.kind === 'word' && AFTER_ARGUMENTS.has(word)) return 'statement'
  // EXEC @result = dbo.pay …: its name, in parts.
  if (reading === 'arguments' || isOfName(tokens, at)) return reading
  return isBare(token) || token?.kind !== 'symbol' ? 'arguments' : reading
}

function isOfName(tokens: readonly SqlToken[], at: number): boolean {
  const before = wordOf(tokens[at - 1])
  const isFirst = EXECUTE.test(before) || before === '=' || before === '.'
  return isFirst || wordOf(tokens[at]) === '.' || wordOf(tokens[at]) === '='
}

function isBare(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name'
}

function hidden({ spaced }: SqlToken): SqlToken {
  return { kind: 'literal', text: '?', spaced }
}

function wordOf(token: SqlToken | undefined): string {
  const isRead = token?.kind === 'word' || token?.kind === 'symbol'
  return isRead ? token.text.toLowerCase() : ''
}
