import { describe, expect, it } from '@jest/globals'
import { createClientTracer } from '../../src/client/tracer.ts'
import { createHostMatcher, HOST_RULES, isInternalHost } from '../../src/trust/host-rules.ts'

describe('isInternalHost', () => {
  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'orders',
    'orders-2',
    'my_service',
    'orders.',
    'printer.local',
    'app.localhost',
    'db.internal',
    'metadata.google.internal',
    'orders.shop.svc',
    'orders.shop.svc.cluster.local',
    'Orders.Shop.SVC.Cluster.Local.',
    'nas.home.arpa',
    '127.0.0.1',
    '127.8.8.8',
    '10.1.2.3',
    '192.168.1.1',
    '172.20.0.1',
    '169.254.169.254',
    '100.100.0.1',
    '::1',
    '[::1]',
    '[fd00::1]',
    'fe80::1%eth0',
    '[::ffff:7f00:1]',
  ])('holds for %s', (hostname) => {
    expect(isInternalHost(hostname)).toBe(true)
  })

  it.each([
    '',
    '.',
    '..',
    'example.com',
    'local.example.com',
    'localhost.example.com',
    'internal.example.com',
    'svc.example.com',
    'cluster.local.example.com',
    'notlocal.xlocal',
    'evilinternal.com',
    'homexarpa.arpa',
    '1.0.0.10.in-addr.arpa',
    'home.arpa',
    '.local',
    '.internal',
    '.home.arpa',
    '8.8.8.8',
    '8.8.8.8.',
    '10.0.0.1.example.com',
    '10.0.0.1.nip.io',
    '127.0.0.1.evil.example',
    '[2001:db8::1]',
    '2001:db8::1',
    '[::ffff:808:808]',
    '::',
    // what a resolver would read as 8.8.8.8
    '134744072',
    '0x8080808',
    '8.8.2056',
    // what a resolver would read as another name
    'evil。com',
    'evil.com\u0000.internal',
    'evil.com/.internal',
    'evil.com#.internal',
    'evil.com?.internal',
    'evil.com\\.internal',
    'evil.com:80/x.internal',
    'user@localhost',
    'local host',
    `${'a'.repeat(100_000)}.internal`,
  ])('does not hold for %j', (hostname) => {
    expect(isInternalHost(hostname)).toBe(false)
  })
})

describe('createHostMatcher', () => {
  it.each<[rule: string, hostname: string, matches: boolean]>([
    ['api.acme.io', 'api.acme.io', true],
    ['api.acme.io', 'API.Acme.IO', true],
    ['API.Acme.IO.', 'api.acme.io', true],
    ['api.acme.io', 'api.acme.io.', true],
    ['api.acme.io', 'x.api.acme.io', false],
    ['api.acme.io', 'acme.io', false],
    ['api.acme.io', 'api.acme.io.evil.example', false],
    ['api.acme.io', 'evilapi.acme.io', false],
    ['.acme.io', 'api.acme.io', true],
    ['.acme.io', 'a.b.acme.io', true],
    ['.Acme.io', 'API.acme.IO.', true],
    ['.acme.io', 'acme.io', false],
    ['.acme.io', '.acme.io', false],
    ['.acme.io', 'evilacme.io', false],
    ['.acme.io', 'acme.io.evil.example', false],
    ['.acme.io', 'evil.example\u0000.acme.io', false],
    ['.acme.io', 'evil.example/.acme.io', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.70', false],
    ['[2001:db8::1]', '[2001:db8::1]', true],
    ['2001:db8:0:0:0:0:0:1', '[2001:db8::1]', true],
    ['2001:DB8::1', '2001:db8::1', true],
    ['münchen.example', 'xn--mnchen-3ya.example', true],
    ['my_service.acme.io', 'my_service.acme.io', true],
    ['acme.io', '', false],
  ])('rule %j on %j: %j', (rule, hostname, matches) => {
    expect(createHostMatcher([rule])(hostname)).toBe(matches)
  })

  it('matches when any rule does', () => {
    const matches = createHostMatcher(['a.example', '.b.example', (name) => name === 'c.example'])
    expect(['a.example', 'x.b.example', 'C.example.', 'd.example'].map(matches)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  it('matches nothing without rules', () => {
    expect(createHostMatcher([])('localhost')).toBe(false)
  })

  it('takes no other answer of a function than true, and survives what it throws', () => {
    const throws = (): boolean => {
      throw new Error('broken')
    }
    const answersLater = (() => Promise.reject(new Error('late'))) as unknown as () => boolean
    const says1 = (() => 1) as unknown as () => boolean
    expect(createHostMatcher([throws, answersLater, says1])('a.example')).toBe(false)
  })

  it.each([
    '',
    ' ',
    '.',
    '..acme.io',
    'a..acme.io',
    'https://acme.io',
    'acme.io/',
    'acme.io/path',
    'acme.io:443',
    '[::1]:80',
    '10.0.0.0/8',
    '*.acme.io',
    '*',
    'acme.*',
    'user@acme.io',
    'acme io',
    'acme.io?x',
    'acme.io#x',
    'a%2eacme.io',
    'fe80::1%eth0',
    '[a]',
    undefined,
    null,
    7,
    /acme/,
    async () => true,
  ])('does not take %p as a rule', (rule) => {
    expect(HOST_RULES.holds(['ok.example', rule])).toBe(false)
    const internalHosts = ['ok.example', rule as string]
    expect(() => createClientTracer({ internalHosts })).toThrow(TypeError)
  })

  it('names the rule and what is allowed', () => {
    expect(() => createClientTracer({ internalHosts: ['*.acme.io'] })).toThrow(
      /internalHosts.*'\*\.acme\.io'.*'\.acme\.io'/,
    )
  })

  it('does not take a text for a list of rules', () => {
    expect(HOST_RULES.holds('localhost')).toBe(false)
  })
})
