import type { RedactShape } from '../config/options.ts'
import { isCardNumber } from './card-number.ts'
import { ibanAt } from './iban.ts'

/** What takes the place of a secret. */
export const REDACTED = 'REDACTED'

/** A kind of secret that is known by how it looks, wherever it stands in a text. */
export interface Shape {
  /**
   * What every text with such a secret has in it; without groups, flags and anything that repeats
   * without a bound, for those of all shapes are looked for at once.
   */
  readonly trigger: string
  /** The text without such secrets. Takes time linear in its length. */
  strike(text: string): string
}

// Every expression below begins where nothing of its kind stands before, or with fixed characters, and
// bounds what it repeats, so that no text makes it look at the same characters again and again.
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*){1,3}/g
const SCHEME = /\b(bearer|basic|token)([ \t]{1,4})([\w.~+/-]{6,}={0,2})/gi
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g
const ISSUED =
  /(?<![A-Za-z0-9])(?:gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{20,255}|xox[abeprs]-[\w-]{10,255}|[rsp]k_(?:live|test)_\w{10,255}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|npm_\w{30,255}|sk-[\w-]{20,255})/g
const NAMED =
  /((?:pass(?:word|wd|phrase)|pwd|secret|(?:api|access|private|account|signing)[-_ ]?key|(?:access|auth|refresh|id|session|bearer|csrf|api)[-_ ]?token)(?:\\?["'])?[ \t]{0,4}[:=][ \t]{0,4})(\\?"[^"\\]{1,4096}|\\?'[^'\\]{1,4096}|[^\s"'&,;(){}[\]\\]{1,4096})/gi
const CARD = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g
const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ A-Z0-9]{11,44}/g
const EMAIL =
  /(?<![\w.+%-])[\w.!#$&'*+=^`{|}~-]{1,64}(?:@|%40)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])/g

/** What stands where a value is to be put in later, or says that there is none. */
const NOT_A_SECRET =
  /^\\?["']?(?:\$\d{1,4}|\?|[:@]\w{1,64}|%[sd]|\*+|x+|REDACTED|null|undefined|none|true|false|required|missing|invalid|\[?redacted\]?)$/i
const LOOKS_RANDOM = /[\d+/=_]|[a-z][A-Z]/

/** All shapes but URLs, for which the names of secret parameters are needed. */
export const SHAPES: Readonly<Record<Exclude<RedactShape, 'url'>, Shape>> = {
  jwt: { trigger: 'eyJ', strike: (text) => text.replace(JWT, REDACTED) },
  bearer: {
    trigger: '[Bb][Ee][Aa][Rr][Ee][Rr][ \\t]|[Bb][Aa][Ss][Ii][Cc][ \\t]|[Tt][Oo][Kk][Ee][Nn][ \\t]',
    strike: (text) =>
      text.replace(SCHEME, (all, scheme: string, gap: string, value: string) =>
        isCredential(scheme, value) ? scheme + gap + REDACTED : all,
      ),
  },
  'private-key': {
    trigger: '-----BEGIN',
    strike: (text) => text.replace(PRIVATE_KEY, REDACTED),
  },
  token: {
    trigger:
      'gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|[rsp]k_(?:live|test)_|AKIA|ASIA|AIza|npm_|sk-',
    strike: (text) => text.replace(ISSUED, REDACTED),
  },
  assignment: {
    trigger:
      '(?:[Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Kk][Ee][Yy]|[Tt][Oo][Kk][Ee][Nn])\\w{0,8}[\\\\"\' \\t]{0,8}[:=]',
    strike: (text) =>
      text.replace(NAMED, (all, name: string, value: string) =>
        NOT_A_SECRET.test(value) ? all : name + quoteOf(value) + REDACTED,
      ),
  },
  card: {
    trigger: '\\d[ -]?\\d[ -]?\\d[ -]?\\d[ -]?\\d[ -]?\\d[ -]?\\d[ -]?\\d[ -]?\\d[ -]?\\d',
    strike: (text) => text.replace(CARD, (all) => (isCardNumber(all) ? REDACTED : all)),
  },
  iban: {
    trigger: '[A-Z][A-Z]\\d\\d',
    strike: (text) => text.replace(IBAN, (all) => strikeIban(all)),
  },
  email: { trigger: '@|%40', strike: (text) => text.replace(EMAIL, REDACTED) },
}

/** Basic credentials are base64 of a name and a password; other tokens look like no word. */
function isCredential(scheme: string, value: string): boolean {
  if (scheme.toLowerCase() !== 'basic') return LOOKS_RANDOM.test(value)
  return Buffer.from(value, 'base64').includes(':')
}

function quoteOf(value: string): string {
  return /^\\?["']/.exec(value)?.[0] ?? ''
}

function strikeIban(candidate: string): string {
  const length = ibanAt(candidate)
  return length === 0 ? candidate : REDACTED + candidate.slice(length)
}
