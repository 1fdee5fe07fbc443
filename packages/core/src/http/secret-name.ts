import { percentDecode } from '../w3c/percent-encoding.ts'

// Words that say what a value is, wherever they stand in a name: `newPassword`, `x-auth-token`,
// `user[password]`, `password_confirmation`. Signatures are those that the HTTP conventions list
// (semantic conventions 1.44, url.query).
const SECRET_WORDS = new Set([
  'assertion',
  'authorization',
  'bearer',
  'credential',
  'credentials',
  'cvc',
  'cvv',
  'jwt',
  'passcode',
  'passphrase',
  'passwd',
  'password',
  'passwords',
  'pwd',
  'secret',
  'secrets',
  'signature',
  'token',
])

// The same, written as one word: `accesstoken`, `clientsecret`, `phpsessid`.
const SECRET_ENDING =
  /(?:token|password|passwd|pwd|secret|signature|credentials?|apikeys?|accesskey(?:id)?|accesstokens|secretkey|privatekey|signingkey|encryptionkey|subscriptionkey|authkey|sessionid|sessid|connectsid|codeverifier|samlresponse)$/

// Only as a whole: as a part of a name they may mean anything. The keys are CouchDB's, whose values
// are what is looked for, and `key` that of many an API.
const SECRET_NAMES = new Set([
  'auth',
  'csrf',
  'endkey',
  'endkeydocid',
  'key',
  'keys',
  'otp',
  'pass',
  'session',
  'sig',
  'startkey',
  'startkeydocid',
  'xsrf',
])

// ClickHouse: `param_<name>` is what is bound to a statement.
const BOUND_VALUE = /^param_/

const MAX_NAME = 128
const MAX_KNOWN = 1000

/**
 * Gives the rule that says which query parameters are secret: the names of credentials as frameworks
 * read them, in brackets, with dots, dashes and underscores or in camel case, and these on top.
 */
export function createSecretNames(additional: readonly string[]): (name: string) => boolean {
  const added = new Set(additional.map(plain))
  const known = new Map<string, boolean>()
  return (given) => {
    // The end says what it is.
    const name = given.length > MAX_NAME ? given.slice(-MAX_NAME) : given
    let secret = known.get(name)
    if (secret === undefined) {
      secret = isSecret(name, added)
      // A stranger makes up names.
      if (known.size === MAX_KNOWN) known.clear()
      known.set(name, secret)
    }
    return secret
  }
}

function isSecret(encoded: string, added: ReadonlySet<string>): boolean {
  const name = percentDecode(encoded.replaceAll('+', ' ')).trim()
  if (BOUND_VALUE.test(name) || added.has(plain(name))) return true
  return name.split(/[[\].]+/).some((part) => isSecretPart(part, added))
}

function isSecretPart(part: string, added: ReadonlySet<string>): boolean {
  const whole = plain(part)
  if (whole === '') return false
  if (SECRET_NAMES.has(whole) || added.has(whole) || SECRET_ENDING.test(whole)) return true
  const words = wordsOf(part)
  return words.some((word, index) => {
    const pair = index === 0 ? '' : `${words[index - 1]}${word}`
    return SECRET_WORDS.has(word) || SECRET_ENDING.test(word) || SECRET_ENDING.test(pair)
  })
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '')
}

function wordsOf(name: string): string[] {
  return name
    .replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z\d]+/)
}
