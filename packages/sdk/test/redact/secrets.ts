/** A secret, planted in a text, and what must not be found in anything that was sent. */
export interface Secret {
  readonly name: string
  readonly text: string
  readonly needle: string
}

// Put together when the tests run, so that no scanner of repositories takes them for real ones.
const of = (...parts: string[]): string => parts.join('')
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const base64url = (text: string): string => Buffer.from(text).toString('base64url')

const jwt = [
  base64url('{"alg":"HS256","typ":"JWT"}'),
  base64url('{"sub":"canary-1","admin":true}'),
  'Q2FuYXJ5U2lnbmF0dXJl',
].join('.')
const pem = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwCanary4'

function secret(name: string, text: string, needle: string): Secret {
  return { name, text, needle }
}

/** One of each kind that is struck out wherever it stands in a text. */
export const SECRETS: readonly Secret[] = [
  secret('a JWT', `session ${jwt} expired`, 'Q2FuYXJ5U2lnbmF0dXJl'),
  secret('a bearer token', 'Authorization: Bearer c4n4ry-2.opaque~x', 'c4n4ry-2.opaque'),
  secret('basic credentials', `basic ${base64('ada:canary-three')}`, base64('ada:canary-three')),
  secret(
    'a private key',
    of('-----BEGIN RSA PRIV', `ATE KEY-----\n${pem}\n-----END RSA PRIV`, 'ATE KEY-----'),
    pem,
  ),
  secret('a GitHub token', of('gh', 'p_5canary5canary5canary5canary5can'), '5canary5canary'),
  secret('a Slack token', of('xo', 'xb-66666666-canary6'), 'canary6'),
  secret('a Stripe key', of('sk_', 'live_7canary7canary7'), '7canary7'),
  secret('an AWS key id', of('AK', 'IA8CANARY8CANARY88'), '8CANARY8'),
  secret('a Google key', of('AI', 'za9canary9canary9canary9canary9canary99'), '9canary9'),
  secret('an npm token', of('np', 'm_10canary10canary10canary10canary10'), '10canary10'),
  secret('a GitLab token', of('gl', 'pat-11canary11canary11can'), '11canary11'),
  secret('a password in a URL', 'postgres://ada:canary-12@db.internal/shop', 'canary-12'),
  secret('a parameter of a URL', 'GET https://a.example/?x=1&api_key=canary-13', 'canary-13'),
  secret('a password in JSON', '{"user":"ada","password":"canary 14"}', 'canary 14'),
  secret('an assignment', 'login failed, PASSWORD=canary-15; retry', 'canary-15'),
  secret('a token by name', 'refresh_token: canary_16_opaque', 'canary_16'),
  secret('a card', 'card 4111 1111 1111 1111 declined', '4111 1111 1111 1111'),
  secret('an IBAN', 'to DE89 3704 0044 0532 0130 00 today', '3704 0044 0532'),
  secret('an e-mail address', 'mail to canary.19@example.com bounced', 'canary.19'),
  secret('what only the application knows', 'case CANARY20-7781 was opened', 'CANARY20'),
]
