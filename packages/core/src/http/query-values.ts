import { percentDecode } from '../w3c/percent-encoding.ts'

type Kind = 'statement' | 'search' | 'json' | 'group' | 'password'

const KINDS: ReadonlyMap<string, Kind> = new Map([
  // The text of a statement, which holds values: ClickHouse, QuestDB, Couchbase.
  ['query', 'statement'],
  ['sql', 'statement'],
  ['statement', 'statement'],
  ['stmt', 'statement'],
  // The same in InfluxDB and rqlite, under a name that is also that of every search box.
  ['q', 'search'],
  // Values by name, as JSON: InfluxDB, Couchbase, Elasticsearch, CouchDB, GraphQL.
  ['args', 'json'],
  ['$args', 'json'],
  ['parameters', 'json'],
  ['params', 'json'],
  ['selector', 'json'],
  ['source', 'json'],
  ['values', 'json'],
  ['variables', 'json'],
  // PostgREST: `or=(id.eq.7,name.eq.Ada)`.
  ['and', 'group'],
  ['or', 'group'],
  ['not.and', 'group'],
  ['not.or', 'group'],
  // InfluxDB 1, next to `u`.
  ['p', 'password'],
])

const STATEMENT =
  /^[\s(]*(?:\/\*|--|(?:select|with|insert|replace|upsert|update|delete|merge|create|alter|drop|rename|truncate|explain|describe|desc|show|call|exec|execute|begin|grant|revoke|set|use|optimize|values|copy)\b)/i
const CLEARLY_A_STATEMENT =
  /^[\s(]*(?:(?:select|with)\b.*\b(?:from|select)\b|insert\s+into\b|replace\s+into\b|delete\s+from\b|update\b.*\bset\b|set\s+password\b|(?:create|drop|alter|grant|revoke|kill)\s+(?:user|database|table|measurement|series|retention|continuous|subscription|query|all)\b|show\s+(?:tag|field|series|measurements|grants)\b)/is
const JSON_TEXT = /^(?:[[{]|%(?:5B|7B))/i
const GROUP = /^(?:\(|%28)/
// PostgREST, and so Supabase: `email=eq.ada@example.com`.
const OPERATOR =
  /^(?:not\.)?(?:(?:eq|neq|gte?|lte?|i?like|i?match|isdistinct|(?:pl|ph|w)?fts)(?:\([a-z_]+\))?\.|(?:in|cs|cd|ov|sl|sr|nx[lr]|adj)\.(?=[[({"]|%(?:5B|28|7B|22)))/i

/**
 * How much of a parameter's value may be shown where a database's client has put values into it, by
 * its name and its first characters; `undefined` for a value of any other kind. `named` says whether
 * the query names a user as `u`. Takes time linear in the value's length.
 */
export function shownOfValue(name: string, value: string, named: boolean): number | undefined {
  const kind = KINDS.get(name)
  if (kind !== undefined && holdsValues(kind, value, named)) return 0
  return value.includes('.') ? OPERATOR.exec(value)?.[0].length : undefined
}

function holdsValues(kind: Kind, value: string, named: boolean): boolean {
  if (kind === 'password') return named
  if (kind === 'json') return JSON_TEXT.test(value)
  if (kind === 'group') return GROUP.test(value)
  const text = percentDecode(value.replaceAll('+', ' '))
  return (kind === 'statement' ? STATEMENT : CLEARLY_A_STATEMENT).test(text)
}
