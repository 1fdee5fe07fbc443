import type { SqlToken } from './token.ts'
import { CALLS, DATA, DEFINITION, OTHER_VERBS } from './words.ts'

/** Systems whose commands are not SQL or similar to it: they hold values without quotes. */
const NOT_SQL: ReadonlySet<string> = new Set(
  `redis valkey keydb dragonfly memcached mongodb couchdb hbase geode aerospike etcd`.split(' '),
)
/** The first words of statements in ES|QL, Cypher, AQL, DuckDB and others, besides SQL's verbs. */
const OTHER_BEGINNINGS: ReadonlySet<string> = new Set(
  'with from row ts match optional unwind for return upsert connect if let print go'.split(' '),
)
const AFTER_INSERT: ReadonlySet<string> = new Set(
  'into overwrite or ignore all first low_priority high_priority delayed'.split(' '),
)

/** Whether the statements of a system can be tokenized as SQL. */
export function isSqlSystem(system: string): boolean {
  return !NOT_SQL.has(system.toLowerCase())
}

/**
 * Whether a statement of an unknown system looks like SQL or a similar language. In any other language
 * it is not known where the values are.
 */
export function looksLikeSql(tokens: readonly SqlToken[]): boolean {
  const at = tokens.findIndex(({ text }) => text !== '(' && text !== ';')
  const first = tokens[at]
  if (first?.kind !== 'word') return false
  const word = first.text.toLowerCase()
  // The line protocol of InfluxDB, of whatever is called so: `show,host=a v=1`.
  if (tokens[at + 1]?.text === ',') return false
  if (word === 'insert' || word === 'replace') {
    return AFTER_INSERT.has(tokens[at + 1]?.text.toLowerCase() ?? '')
  }
  return [DATA, DEFINITION, CALLS, OTHER_VERBS, OTHER_BEGINNINGS].some((words) => words.has(word))
}

/** The same tokens, with `?` for whatever SET is given: Redis's has a value without quotes. */
export function hideSettings(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const shown: SqlToken[] = []
  let hiding = false
  for (const token of tokens) {
    const begins = shown.length === 0 || shown.at(-1)?.text === ';'
    if (token.text === ';') hiding = false
    if (hiding) continue
    shown.push(token)
    if (!begins || token.kind !== 'word' || token.text.toLowerCase() !== 'set') continue
    shown.push({ kind: 'literal', text: '?', spaced: true })
    hiding = true
  }
  return shown
}
