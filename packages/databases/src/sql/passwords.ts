import type { SqlToken } from './token.ts'

// Where statements about accounts have a password, which need not be a string: Oracle takes a name.
const BEFORE_PASSWORD: Readonly<Record<Topic, ReadonlySet<string>>> = {
  account: new Set(['password']),
  password: new Set(['=', 'to']),
  connection: new Set(['using', 'new', 'confirm', 'password']),
  keystore: new Set(['set']),
}
/** After IDENTIFIED, in a statement of any kind. */
const AFTER_IDENTIFIED: ReadonlySet<string> = new Set(['by', 'values', 'as', 'using', 'replace'])
/** Words that may stand between, and are shown. */
const BETWEEN: ReadonlySet<string> = new Set(['=', '(', 'values', 'password', 'random', 'hash'])
/** Words in the place of a password that are not one, but say something else about passwords. */
const NO_PASSWORD: ReadonlySet<string> = new Set(
  `null expire history reuse require lock unlock unlimited default optional current interval never
  disable policy verifier for or and key keystore encryption tag`.split(/\s+/),
)
const ACCOUNTS: ReadonlySet<string> = new Set('user role login account group'.split(' '))

type Topic = 'account' | 'password' | 'connection' | 'keystore'

/** Where a reader of tokens is in a statement. */
interface State {
  topic: Topic | undefined
  identified: boolean
  /** A password comes next. */
  expected: boolean
}

/** The same tokens, with `?` for each password that is written as a word or a name. */
export function hidePasswords(tokens: readonly SqlToken[]): readonly SqlToken[] {
  if (!tokens.some(speaksOfPasswords)) return tokens
  const shown: SqlToken[] = []
  let state: State = { topic: undefined, identified: false, expected: false }
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) continue
    if (shown.length === 0 || shown.at(-1)?.text === ';') {
      state = { topic: topicOf(tokens, at), identified: false, expected: false }
    }
    if (isPassword(token, state)) {
      shown.push({ kind: 'literal', text: '?', spaced: token.spaced })
      at = endOfRun(tokens, at)
    } else {
      shown.push(token)
      expectAfter(token, state)
    }
  }
  return shown
}

function speaksOfPasswords({ kind, text }: SqlToken): boolean {
  return kind === 'word' && /^(?:identified|password|connect|attach)$/i.test(text)
}

function isPassword(token: SqlToken, state: State): boolean {
  const word = wordOf(token)
  if (!state.expected || BETWEEN.has(word)) return false
  state.expected = false
  return token.kind === 'name' || (token.kind === 'word' && !NO_PASSWORD.has(word))
}

function expectAfter(token: SqlToken, state: State): void {
  const word = wordOf(token)
  if (word === 'identified') state.identified = true
  else if (state.identified && AFTER_IDENTIFIED.has(word)) state.expected = true
  else if (state.topic && BEFORE_PASSWORD[state.topic].has(word)) state.expected = true
}

function wordOf({ kind, text }: SqlToken): string {
  return kind === 'word' || kind === 'symbol' ? text.toLowerCase() : ''
}

/** What a statement is about, as far as passwords go. */
function topicOf(tokens: readonly SqlToken[], at: number): Topic | undefined {
  const words = tokens.slice(at, at + 5).map(({ text }) => text.toLowerCase())
  const [verb, object] = words
  if (verb === 'connect' || verb === 'attach') return 'connection'
  if (verb === 'administer') return 'keystore'
  if (verb === 'set') return object === 'password' ? 'password' : undefined
  if (verb !== 'create' && verb !== 'alter') return undefined
  return words.some((word) => ACCOUNTS.has(word)) ? 'account' : undefined
}

// Without quotes, `ab#12` is one password and several tokens.
function endOfRun(tokens: readonly SqlToken[], from: number): number {
  let at = from
  for (;;) {
    const next = tokens[at + 1]
    if (next === undefined || next.spaced || /^[,;)]$/.test(next.text)) return at
    at += 1
  }
}
