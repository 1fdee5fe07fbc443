import { shownOfValue } from './query-values.ts'
import { createSecretNames } from './secret-name.ts'

/** What takes the place of a secret. */
export const REDACTED = 'REDACTED'

/**
 * Strikes the values of secret parameters out of a query string, and those that the client of a
 * database has put there; leaves every other byte as it is. Takes time linear in its length.
 */
export type QueryRedactor = (query: string) => string

const NAMES_USER = /(?:^|&)u=/
const EQUALS = '='
const PERCENT = 0x25
// What ends a name: `=`, and what begins another one, also in a URL that is a value.
const ENDS_NAME = Uint8Array.from({ length: 128 }, (_, code) =>
  '=;?#/%'.includes(String.fromCharCode(code)) ? 1 : 0,
)
const ENCODED: ReadonlyMap<string, string> = new Map([
  ['3D', EQUALS],
  ['26', '&'],
  ['3B', ';'],
  ['3F', '?'],
  ['23', '#'],
  ['2F', '/'],
])

/** Makes the redactor for the default names and these on top, which are compared without case. */
export function createQueryRedactor(additional: readonly string[] = []): QueryRedactor {
  const isSecret = createSecretNames(additional)
  return (query) => {
    let redacted = ''
    let copied = 0
    const named = query.includes('u=') && NAMES_USER.test(query)
    for (let start = 0; start < query.length; ) {
      const ampersand = query.indexOf('&', start)
      const end = ampersand === -1 ? query.length : ampersand
      const from = secretFrom(query, start, end, isSecret, named)
      if (from < end) {
        redacted += query.slice(copied, from) + REDACTED
        copied = end
      }
      start = end + 1
    }
    return withoutCredentials(copied === 0 ? query : redacted + query.slice(copied))
  }
}

/** Where the part of a parameter begins that may not be shown; its end when all of it may. */
function secretFrom(
  query: string,
  start: number,
  end: number,
  isSecret: (name: string) => boolean,
  named: boolean,
): number {
  for (let at = start; at < end; ) {
    const nameEnd = endOfName(query, at, end)
    const next = nameEnd + (query.charCodeAt(nameEnd) === PERCENT ? 3 : 1)
    if (next >= end) return end
    if (markAt(query, nameEnd) === EQUALS) {
      const name = query.slice(at, nameEnd)
      if (isSecret(name)) return next
      // What a client binds is a parameter of its own.
      const bound = at === start && shownOfValue(name, query.slice(next, end), named)
      if (typeof bound === 'number') return next + bound
    }
    at = next
  }
  return end
}

function endOfName(query: string, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const code = query.charCodeAt(at)
    if (ENDS_NAME[code] === 1 && (code !== PERCENT || markAt(query, at) !== undefined)) return at
  }
  return end
}

function markAt(query: string, at: number): string | undefined {
  if (query.charCodeAt(at) !== PERCENT) return query[at]
  return ENCODED.get(query.slice(at + 1, at + 3).toUpperCase())
}

// Of URLs that are passed along: `next=https://user:password@host/`.
const CREDENTIALS = /(:\/\/|%3A%2F%2F)(?:(?!%2F|%3F|%23)[^/?#&\s])+(@|%40)/gi

function withoutCredentials(query: string): string {
  if (!query.includes('@') && !query.includes('%40')) return query
  return query.replace(CREDENTIALS, `$1${REDACTED}:${REDACTED}$2`)
}
