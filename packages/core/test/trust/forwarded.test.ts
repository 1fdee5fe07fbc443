import { describe, expect, it } from '@jest/globals'
import type { HttpServerRequest } from '../../src/http/server-exchange.ts'
import { type Forwarding, parseForwarding } from '../../src/trust/forwarded.ts'

type Headers = Readonly<Record<string, string>>

function requestWith(headers: Headers): HttpServerRequest {
  return {
    method: 'GET',
    target: '/',
    scheme: 'http',
    protocolVersion: '1.1',
    peerAddress: '127.0.0.1',
    peerPort: 50_000,
    route: undefined,
    raw: undefined,
    header: (name) => headers[name],
  }
}

function parse(headers: Headers): Forwarding | 'malformed' | undefined {
  return parseForwarding(requestWith(headers))
}

function addressesOf(headers: Headers): readonly string[] | string | undefined {
  const forwarding = parse(headers)
  return typeof forwarding === 'object' ? forwarding.addresses : forwarding
}

describe('Forwarded (RFC 7239)', () => {
  it.each<[text: string, addresses: string[]]>([
    ['for=192.0.2.43', ['192.0.2.43']],
    ['For=192.0.2.43', ['192.0.2.43']],
    ['FOR="192.0.2.43"', ['192.0.2.43']],
    ['for="192.0.2.43:4711"', ['192.0.2.43']],
    ['for="[2001:db8:cafe::17]:4711"', ['2001:db8:cafe::17']],
    ['For="[2001:db8:cafe::17]"', ['2001:db8:cafe::17']],
    ['for="[::ffff:10.0.0.1]:80"', ['::ffff:10.0.0.1']],
    ['for="[fe80::1%eth0]"', ['fe80::1%eth0']],
    ['for="2001:db8::1"', ['2001:db8::1']],
    ['for=[2001:db8::1]:80', ['2001:db8::1']],
    ['for=192.0.2.43:80', ['192.0.2.43']],
    ['for=192.0.2.43, for=198.51.100.17', ['192.0.2.43', '198.51.100.17']],
    ['for=192.0.2.43,for="[::1]";by=10.0.0.2', ['192.0.2.43', '::1']],
    ['for=192.0.2.60;proto=http;by=203.0.113.43', ['192.0.2.60']],
    ['by=203.0.113.43;for=192.0.2.60', ['192.0.2.60']],
    ['for=192.0.2.60 ; proto=https', ['192.0.2.60']],
    ['\tfor=192.0.2.60\t,\tfor=192.0.2.61 ', ['192.0.2.60', '192.0.2.61']],
    [';for=192.0.2.60;;proto=https;', ['192.0.2.60']],
    [', for=192.0.2.60,, for=192.0.2.61,', ['192.0.2.60', '192.0.2.61']],
    ['for=_hidden', ['_hidden']],
    ['for=_SEVKISEK, for=10.0.0.1', ['_SEVKISEK', '10.0.0.1']],
    ['for="_gazonk"', ['_gazonk']],
    ['for="_hidden:_port"', ['_hidden']],
    ['for="10.0.0.1:_p-o.r_t"', ['10.0.0.1']],
    ['for=unknown', ['unknown']],
    ['for="unknown:80"', ['unknown']],
    ['for="1\\0.0.0.1"', ['10.0.0.1']],
    ['for="10.0.0.1, for=8.8.8.8"', ['10.0.0.1, for=8.8.8.8']],
    ['proto=https', ['unknown']],
    ['for=10.0.0.1;secret="a;b,c=\\"d"', ['10.0.0.1']],
  ])('lists whom %j names', (forwarded, addresses) => {
    expect(addressesOf({ forwarded })).toEqual(addresses)
  })

  it.each([
    '',
    ' ',
    ',',
    ';',
    'for',
    'for=',
    'for=;proto=https',
    'for=""',
    '=10.0.0.1',
    'for =10.0.0.1',
    'for= 10.0.0.1',
    'for=10.0.0.1 8.8.8.8',
    'for=10.0.0.1 for=8.8.8.8',
    'for=10.0.0.1;for=8.8.8.8',
    'for=8.8.8.8;FOR=10.0.0.1',
    'for="10.0.0.1',
    'for=10.0.0.1"',
    'for="10.0.0.1"x',
    'for="10.0.0.1\\',
    'for="10.0.0.1\\"',
    'for="',
    'for="\\',
    'for=[::1',
    'for="[::1"',
    'for="[]"',
    'for="[10.0.0.1]"',
    'for="[evil]"',
    'for="[::1]80"',
    'for="[::1]:"',
    'for="[::1]:x"',
    'for="10.0.0.1:"',
    'for="10.0.0.1:x"',
    'for="10.0.0.1:8x"',
    'for=":80"',
    'for=<10.0.0.1>',
    'for=10.0.0.1/8',
    'for=10.0.0.1, evil',
    'for=10.0.0.1, (comment)',
    'for=10.0.0.1\u0000',
    'for=10.0.0.1\r\nx',
    'für=10.0.0.1',
    '10.0.0.1',
  ])('finds %j malformed', (forwarded) => {
    expect(parse({ forwarded })).toBe('malformed')
  })
})

describe('X-Forwarded-For', () => {
  it.each<[text: string, addresses: string[]]>([
    ['203.0.113.7', ['203.0.113.7']],
    ['203.0.113.7, 10.0.0.1', ['203.0.113.7', '10.0.0.1']],
    ['203.0.113.7,10.0.0.1 ,\t10.0.0.2', ['203.0.113.7', '10.0.0.1', '10.0.0.2']],
    ['203.0.113.7:51234', ['203.0.113.7']],
    ['2001:db8::1', ['2001:db8::1']],
    ['[2001:db8::1]', ['2001:db8::1']],
    ['[2001:db8::1]:443', ['2001:db8::1']],
    ['::ffff:203.0.113.7', ['::ffff:203.0.113.7']],
    ['fe80::1%eth0', ['fe80::1%eth0']],
    ['"203.0.113.7"', ['203.0.113.7']],
    ['"[2001:db8::1]:443"', ['2001:db8::1']],
    ['unknown', ['unknown']],
    ['unknown, 10.0.0.1', ['unknown', '10.0.0.1']],
    ['_hidden', ['_hidden']],
    ['evil.example', ['evil.example']],
    ['10.0.0.1 8.8.8.8', ['10.0.0.1 8.8.8.8']],
    [', 10.0.0.1,, 10.0.0.2,', ['10.0.0.1', '10.0.0.2']],
  ])('lists whom %j names', (text, addresses) => {
    expect(addressesOf({ 'x-forwarded-for': text })).toEqual(addresses)
  })

  it.each([
    '',
    ' ',
    ',',
    ', ,',
    '"10.0.0.1',
    '10.0.0.1"',
    '"10.0.0.1, 8.8.8.8"',
    '""',
    '"10.0.0.1"x',
    '[::1',
    '[10.0.0.1]',
    '[::1]evil',
    '10.0.0.1:',
    '10.0.0.1:http',
    ':80',
    '10.0.0.1, "',
  ])('finds %j malformed', (text) => {
    expect(parse({ 'x-forwarded-for': text })).toBe('malformed')
  })
})

describe('scheme, host and client address', () => {
  it.each<[headers: Headers, expected: Partial<Forwarding>]>([
    [{ forwarded: 'proto=https' }, { scheme: 'https' }],
    [{ forwarded: 'Proto="HTTPS"' }, { scheme: 'https' }],
    [{ forwarded: 'proto=http, proto=https' }, { scheme: 'http' }],
    [{ forwarded: 'for=10.0.0.1, proto=https' }, { scheme: undefined }],
    [{ forwarded: 'proto=gopher' }, { scheme: undefined }],
    [{ 'x-forwarded-proto': 'https' }, { scheme: 'https', addresses: [] }],
    [{ 'x-forwarded-proto': 'HTTPS, http' }, { scheme: 'https' }],
    [{ 'x-forwarded-proto': 'javascript' }, { scheme: undefined }],
    [{ 'x-forwarded-proto': '' }, { scheme: undefined }],
    [{ forwarded: 'proto=https', 'x-forwarded-proto': 'http' }, { scheme: 'https' }],
    [{ forwarded: 'for=10.0.0.1', 'x-forwarded-proto': 'https' }, { scheme: 'https' }],

    [{ forwarded: 'host=a.example' }, { host: 'a.example' }],
    [{ forwarded: 'host="a.example:8080"' }, { host: 'a.example:8080' }],
    [{ forwarded: 'host=a.example:8080' }, { host: 'a.example:8080' }],
    [{ forwarded: 'host="[::1]:8080"' }, { host: '[::1]:8080' }],
    [{ forwarded: 'host=a.example, host=b.internal' }, { host: 'a.example' }],
    [{ forwarded: 'host="";proto=http' }, { host: undefined, scheme: 'http' }],
    [{ 'x-forwarded-host': 'a.example:8080' }, { host: 'a.example:8080' }],
    [{ 'x-forwarded-host': 'a.example, b.internal' }, { host: 'a.example' }],
    [{ 'x-forwarded-host': '' }, { host: undefined }],
    [{ forwarded: 'host=a.example', 'x-forwarded-host': 'b.example' }, { host: 'a.example' }],

    [{ forwarded: 'for=203.0.113.7, for=10.0.0.1' }, { clientAddress: '203.0.113.7' }],
    [{ forwarded: 'for="[2001:db8::1]:80"' }, { clientAddress: '2001:db8::1' }],
    [{ forwarded: 'for="[::ffff:203.0.113.7]"' }, { clientAddress: '203.0.113.7' }],
    [{ forwarded: 'for=_hidden, for=10.0.0.1' }, { clientAddress: undefined }],
    [{ forwarded: 'for=unknown' }, { clientAddress: undefined }],
    [{ forwarded: 'proto=https, for=10.0.0.1' }, { clientAddress: undefined }],
    [{ 'x-forwarded-for': '203.0.113.7, 10.0.0.1' }, { clientAddress: '203.0.113.7' }],
    [{ 'x-forwarded-for': '::ffff:203.0.113.7' }, { clientAddress: '203.0.113.7' }],
    [{ 'x-forwarded-for': 'fe80::1%eth0' }, { clientAddress: 'fe80::1' }],
    [{ 'x-forwarded-for': 'unknown, 10.0.0.1' }, { clientAddress: undefined }],
    [{ 'x-forwarded-for': 'evil.example' }, { clientAddress: undefined }],
    [{ 'x-forwarded-for': "1' OR 1=1" }, { clientAddress: undefined }],
    [
      { forwarded: 'for=_hidden', 'x-forwarded-for': '203.0.113.7' },
      { clientAddress: undefined, addresses: ['_hidden', '203.0.113.7'] },
    ],
    [
      { forwarded: 'proto=https', 'x-forwarded-for': '203.0.113.7' },
      { clientAddress: '203.0.113.7', scheme: 'https' },
    ],
    [
      { forwarded: 'for=203.0.113.1', 'x-forwarded-for': '203.0.113.2' },
      { clientAddress: '203.0.113.1', addresses: ['203.0.113.1', '203.0.113.2'] },
    ],
  ])('of %j', (headers, expected) => {
    expect(parse(headers)).toMatchObject(expected)
  })
})

describe('forwarding headers altogether', () => {
  it('are undefined when none is there', () => {
    expect(parse({ host: 'a.example', via: '1.1 proxy' })).toBeUndefined()
  })

  it('are malformed when one of them is', () => {
    expect(parse({ forwarded: 'for=10.0.0.1', 'x-forwarded-for': '[' })).toBe('malformed')
    expect(parse({ forwarded: '?', 'x-forwarded-for': '10.0.0.1' })).toBe('malformed')
  })

  it('hold 64 elements and not one more', () => {
    const list = (count: number): string => Array(count).fill('10.0.0.1').join(', ')
    const elements = (count: number): string => Array(count).fill('for=10.0.0.1').join(', ')
    expect(addressesOf({ 'x-forwarded-for': list(64) })).toHaveLength(64)
    expect(parse({ 'x-forwarded-for': list(65) })).toBe('malformed')
    expect(addressesOf({ forwarded: elements(64) })).toHaveLength(64)
    expect(parse({ forwarded: elements(65) })).toBe('malformed')
    expect(addressesOf({ forwarded: elements(32), 'x-forwarded-for': list(32) })).toHaveLength(64)
    expect(parse({ forwarded: elements(32), 'x-forwarded-for': list(33) })).toBe('malformed')
  })

  it('are malformed when they are mostly empty elements and parameters', () => {
    expect(addressesOf({ 'x-forwarded-for': `${','.repeat(63)}10.0.0.1` })).toEqual(['10.0.0.1'])
    expect(parse({ 'x-forwarded-for': `${','.repeat(64)}10.0.0.1` })).toBe('malformed')
    expect(addressesOf({ forwarded: `${';'.repeat(255)}for=10.0.0.1` })).toEqual(['10.0.0.1'])
    expect(parse({ forwarded: `${';'.repeat(256)}for=10.0.0.1` })).toBe('malformed')
  })

  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])(
    'are malformed when %s is over 8,192 characters',
    (name) => {
      const value = name === 'forwarded' ? 'for=10.0.0.1' : '10.0.0.1'
      expect(parse({ [name]: value.padEnd(8192) })).not.toBe('malformed')
      expect(parse({ [name]: value.padEnd(8193) })).toBe('malformed')
    },
  )

  it('never throw, whatever the bytes are', () => {
    const pieces = [
      'for',
      '=',
      '"',
      '\\',
      '[',
      ']',
      ':',
      ';',
      ',',
      ' ',
      '_',
      '1',
      '::1',
      '\u00ff',
      '%',
    ]
    let seed = 7
    const next = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed
    }
    for (let round = 0; round < 5_000; round += 1) {
      const text = Array.from({ length: next() % 12 }, () => pieces[next() % pieces.length]).join(
        '',
      )
      const forwarding = parse({ forwarded: text, 'x-forwarded-for': text })
      expect(forwarding === 'malformed' || typeof forwarding === 'object').toBe(true)
    }
  })
})
