import { describe, expect, it } from '@jest/globals'
import { REDACT_SHAPES } from '../../src/config/redaction.ts'
import type { RedactShape } from '../../src/index.ts'
import { createRedaction } from '../../src/redact/redaction.ts'
import { SECRETS } from './secrets.ts'

function strike(text: string, ...shapes: RedactShape[]): string {
  const settings = { keys: {}, queryNames: ['pin'], hashKey: undefined, dryRun: false }
  return createRedaction({ ...settings, shapes: shapes.length > 0 ? shapes : REDACT_SHAPES }).body(
    text,
  )
}

describe('a shape', () => {
  it.each([
    ['Bearer 9f8e7d6c5b', 'Bearer REDACTED'],
    ['a bearer authentication scheme', 'a bearer authentication scheme'],
    ['the basic authentication scheme', 'the basic authentication scheme'],
    ['{"password":"my secret phrase","x":1}', '{"password":"REDACTED","x":1}'],
    ['{\\"apiKey\\":\\"abc def\\"}', '{\\"apiKey\\":\\"REDACTED\\"}'],
    ["client_secret='abc def' next", "client_secret='REDACTED' next"],
    ['SELECT 1 WHERE password = $1', 'SELECT 1 WHERE password = $1'],
    ['SELECT 1 WHERE password = ? AND x = ?', 'SELECT 1 WHERE password = ? AND x = ?'],
    ['UPDATE u SET password = :password', 'UPDATE u SET password = :password'],
    ['password: required', 'password: required'],
    ['monkey: banana', 'monkey: banana'],
    [
      'amqp://u:p@mq:5672/v and mongodb://a:b@c,d/e',
      'amqp://REDACTED:REDACTED@mq:5672/v and mongodb://REDACTED:REDACTED@c,d/e',
    ],
    ['http://a.example/?pin=1&x=2', 'http://a.example/?pin=REDACTED&x=2'],
    ['really?yes=no', 'really?yes=no'],
  ])('strikes out of %j only what is secret', (text, expected) => {
    expect(strike(text, 'bearer', 'assignment', 'url')).toBe(expected)
  })

  it.each([
    '4111 1111 1111 1112',
    '1234567890123456',
    '1795700000000',
    '1795366800500000000',
    '0af7651916cd43dd8448eb211c80319c',
    '6a3f8b5e-4111-1111-1111-111111111111',
    'DE00 3704 0044 0532 0130 00',
    'AB12345678901234',
    '/node_modules/.pnpm/pkg@1.2.3/node_modules/pkg',
    'eyJustAWord',
  ])('leaves %j alone, which only looks like a card, an IBAN, an address or a token', (text) => {
    expect(strike(text)).toBe(text)
  })

  it.each([
    ['4111111111111111', 'REDACTED'],
    ['378282246310005', 'REDACTED'],
    ['5555-5555-5555-4444 ok', 'REDACTED ok'],
    ['GB82 WEST 1234 5698 7654 32 AND MORE', 'REDACTED AND MORE'],
    ['FR1420041010050500013M02606', 'REDACTED'],
    ['to ada.b+c@mail.example.org, now', 'to REDACTED, now'],
    ['to=ada%40example.com', 'REDACTED'],
  ])('finds %j', (text, expected) => {
    expect(strike(text)).toBe(expected)
  })

  it('that was struck out already stays as it is', () => {
    for (const { text } of SECRETS) expect(strike(strike(text))).toBe(strike(text))
  })

  const hostile: readonly (readonly [string, string])[] = [
    ...['a@', '://', '://a@', '?a=', '%3A%2F%2F', 'eyJ', 'eyJa.', 'eyJaaaaaaaaaa.bb', 'token '],
    ...['Bearer ', '-----BEGIN PRIVATE KEY-----', 'password', 'password=', 'password="', 'key : '],
    ...['4', '4 ', '4-', 'DE89', 'DE89 ', 'A', 'a.', 'sk-', 'ghp_', '%40', "secret='"],
  ].map((part) => [part, part.repeat(65_536 / part.length)] as const)

  it.each(hostile)('takes time linear in 64 kB of %j', (_part, text) => {
    const began = process.cpuUsage()
    strike(text)
    const { user, system } = process.cpuUsage(began)
    // Measured: at most 12 ms; what is quadratic takes seconds.
    expect((user + system) / 1000).toBeLessThan(300)
  })
})
