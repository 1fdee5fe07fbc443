/** What takes the place of a secret. */
export const REDACTED = 'REDACTED'

// Signatures that the HTTP conventions list (semantic conventions 1.44, url.query), and the names
// under which credentials travel in query strings. Compared in lower case.
const SECRET_PARAMETERS = [
  'awsaccesskeyid',
  'signature',
  'sig',
  'x-goog-signature',
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'access_token',
  'api_key',
  'apikey',
  'auth',
  'authorization',
  'client_secret',
  'id_token',
  'jwt',
  'passwd',
  'password',
  'pwd',
  'refresh_token',
  'secret',
  'session',
  'sessionid',
  'session_id',
  'token',
]

/** Strikes the values of secret parameters out of a query string and leaves every other byte as it is. */
export type QueryRedactor = (query: string) => string

/** Makes the redactor for the default names and these on top, which are compared without case. */
export function createQueryRedactor(additional: readonly string[] = []): QueryRedactor {
  const secret = new Set([...SECRET_PARAMETERS, ...additional.map((name) => name.toLowerCase())])
  return (query) => {
    let redacted = ''
    let copied = 0
    for (let start = 0; start <= query.length; ) {
      const ampersand = query.indexOf('&', start)
      const end = ampersand === -1 ? query.length : ampersand
      const equals = query.indexOf('=', start)
      if (
        equals !== -1 &&
        equals < end - 1 &&
        secret.has(parameterName(query.slice(start, equals)))
      ) {
        redacted += query.slice(copied, equals + 1) + REDACTED
        copied = end
      }
      start = end + 1
    }
    return copied === 0 ? query : redacted + query.slice(copied)
  }
}

function parameterName(name: string): string {
  if (!name.includes('%') && !name.includes('+')) return name.toLowerCase()
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')).trim().toLowerCase()
  } catch {
    return name.toLowerCase()
  }
}
