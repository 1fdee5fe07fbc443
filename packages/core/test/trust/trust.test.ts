import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type DiagLogger, diag } from '@opentelemetry/api'
import type { HttpServerRequest } from '../../src/http/server-exchange.ts'
import { TRUST_WARNED } from '../../src/otel/shared-keys.ts'
import { createServerTracer } from '../../src/server/tracer.ts'
import { type Caller, decideTrust, TRUST, type TrustOption } from '../../src/trust/trust.ts'

type Headers = Readonly<Record<string, string>>

function requestFrom(peerAddress: string | undefined, headers: Headers = {}): HttpServerRequest {
  return {
    method: 'GET',
    target: '/',
    scheme: 'http',
    protocolVersion: '1.1',
    peerAddress,
    peerPort: 50_000,
    route: undefined,
    raw: { path: '/raw' },
    header: (name) => headers[name],
  }
}

describe("trust: 'auto'", () => {
  it.each<[peer: string | undefined, headers: Headers, caller: Caller]>([
    // the socket's other end alone
    ['127.0.0.1', {}, 'internal'],
    ['::1', {}, 'internal'],
    ['::ffff:127.0.0.1', {}, 'internal'],
    ['::ffff:10.1.2.3', {}, 'internal'],
    ['10.1.2.3', {}, 'internal'],
    ['fe80::1%eth0', {}, 'internal'],
    ['100.64.0.1', {}, 'internal'],
    [undefined, {}, 'internal'],
    ['203.0.113.7', {}, 'edge'],
    ['2001:db8::1', {}, 'edge'],
    ['::ffff:203.0.113.7', {}, 'edge'],
    ['', {}, 'edge'],

    // a service of ours behind proxies of ours
    ['10.0.0.9', { 'x-forwarded-for': '10.0.0.1' }, 'internal'],
    ['10.0.0.9', { 'x-forwarded-for': '10.0.0.1, ::ffff:192.168.0.1, fd00::1' }, 'internal'],
    ['10.0.0.9', { forwarded: 'for=10.0.0.1;proto=https, for="[fd00::1]:80"' }, 'internal'],
    ['10.0.0.9', { forwarded: 'for=10.0.0.1', 'x-forwarded-for': '10.0.0.1' }, 'internal'],
    ['10.0.0.9', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop' }, 'internal'],
    [undefined, { 'x-forwarded-for': '10.0.0.1' }, 'internal'],

    // someone outside, seen through proxies of ours
    ['10.0.0.9', { 'x-forwarded-for': '203.0.113.7' }, 'edge'],
    ['127.0.0.1', { 'x-forwarded-for': '203.0.113.7, 10.0.0.1' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=203.0.113.7' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for="[2001:db8::1]:443"' }, 'edge'],
    [undefined, { 'x-forwarded-for': '203.0.113.7' }, 'edge'],

    // someone outside who claims to be inside; the proxy appends the real address
    ['10.0.0.9', { 'x-forwarded-for': '10.0.0.1, 203.0.113.7' }, 'edge'],
    ['10.0.0.9', { 'x-forwarded-for': '127.0.0.1, 10.0.0.1, 203.0.113.7' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=127.0.0.1', 'x-forwarded-for': '203.0.113.7' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=203.0.113.7', 'x-forwarded-for': '127.0.0.1' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for="10.0.0.1, for=203.0.113.7"' }, 'edge'],

    // … or without any proxy: a header never raises trust
    ['203.0.113.7', { 'x-forwarded-for': '10.0.0.1' }, 'edge'],
    ['203.0.113.7', { 'x-forwarded-for': '127.0.0.1' }, 'edge'],
    ['203.0.113.7', { forwarded: 'for=127.0.0.1' }, 'edge'],
    ['::ffff:203.0.113.7', { 'x-forwarded-for': '::1' }, 'edge'],
    ['', { 'x-forwarded-for': '127.0.0.1' }, 'edge'],

    // nobody says who it was
    ['10.0.0.9', { forwarded: 'for=unknown' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=_hidden' }, 'edge'],
    ['10.0.0.9', { forwarded: 'proto=https' }, 'edge'],
    ['10.0.0.9', { forwarded: 'by=10.0.0.1' }, 'edge'],
    ['10.0.0.9', { forwarded: 'host=""' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=10.0.0.1, proto=https' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=10.0.0.1, proto=""' }, 'edge'],
    ['10.0.0.9', { forwarded: 'by=10.0.0.1, for=10.0.0.1' }, 'edge'],
    ['10.0.0.9', { forwarded: 'proto=https', 'x-forwarded-for': '10.0.0.1' }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=10.0.0.1,, for=10.0.0.2' }, 'internal'],
    ['10.0.0.9', { 'x-forwarded-for': 'unknown, 10.0.0.1' }, 'edge'],
    ['10.0.0.9', { 'x-forwarded-for': 'localhost' }, 'edge'],
    ['10.0.0.9', { 'x-forwarded-for': '10.0.0.1.evil.example' }, 'edge'],

    // malformed
    ['10.0.0.9', { forwarded: 'for="10.0.0.1' }, 'edge'],
    ['10.0.0.9', { forwarded: '10.0.0.1' }, 'edge'],
    ['10.0.0.9', { 'x-forwarded-for': '' }, 'edge'],
    ['10.0.0.9', { 'x-forwarded-for': '[10.0.0.1]' }, 'edge'],
    ['10.0.0.9', { 'x-forwarded-for': Array(65).fill('10.0.0.1').join() }, 'edge'],
    ['10.0.0.9', { forwarded: 'for=10.0.0.1', 'x-forwarded-for': '"' }, 'edge'],
  ])('from %p with %j', (peer, headers, caller) => {
    expect(decideTrust('auto', requestFrom(peer, headers)).caller).toBe(caller)
  })
})

describe("trust: 'internal' and 'edge'", () => {
  it.each<[trust: Caller, peer: string, headers: Headers]>([
    ['internal', '203.0.113.7', {}],
    ['internal', '203.0.113.7', { 'x-forwarded-for': '198.51.100.1' }],
    ['internal', '203.0.113.7', { forwarded: '?' }],
    ['edge', '127.0.0.1', {}],
    ['edge', '127.0.0.1', { 'x-forwarded-for': '10.0.0.1' }],
    ['edge', '127.0.0.1', { forwarded: '?' }],
    ['edge', '203.0.113.7', {}],
  ])('%s holds from %s with %j', (trust, peer, headers) => {
    expect(decideTrust(trust, requestFrom(peer, headers)).caller).toBe(trust)
    expect(decideTrust(() => trust, requestFrom(peer, headers)).caller).toBe(trust)
  })
})

describe('what is believed of the forwarding headers', () => {
  const headers = { forwarded: 'for=203.0.113.7;host=shop.example;proto=https' }

  it.each<[trust: TrustOption, peer: string | undefined, believed: boolean]>([
    ['auto', '10.0.0.9', true],
    ['auto', '::ffff:127.0.0.1', true],
    ['auto', undefined, true],
    ['auto', '198.51.100.1', false],
    ['auto', '', false],
    ['edge', '10.0.0.9', true],
    ['edge', '198.51.100.1', false],
    ['internal', '10.0.0.9', true],
    ['internal', '198.51.100.1', true],
    [() => 'internal', '198.51.100.1', true],
    [() => 'edge', '10.0.0.9', true],
    [() => 'edge', '198.51.100.1', false],
    [() => 'auto', '198.51.100.1', false],
  ])('trust %p, from %p: %p', (trust, peer, believed) => {
    expect(decideTrust(trust, requestFrom(peer, headers)).forwarding).toEqual(
      believed
        ? {
            addresses: ['203.0.113.7'],
            scheme: 'https',
            host: 'shop.example',
            clientAddress: '203.0.113.7',
          }
        : undefined,
    )
  })

  it.each<TrustOption>(['auto', 'internal', 'edge'])('nothing of malformed ones: %s', (trust) => {
    expect(
      decideTrust(trust, requestFrom('10.0.0.9', { forwarded: '?' })).forwarding,
    ).toBeUndefined()
  })
})

describe('a decision without forwarding headers', () => {
  it.each<[trust: TrustOption, peer: string]>([
    ['auto', '10.0.0.1'],
    ['auto', '203.0.113.7'],
    ['internal', '203.0.113.7'],
    ['edge', '10.0.0.1'],
  ])('is one shared object: %s from %s', (trust, peer) => {
    const first = decideTrust(trust, requestFrom(peer))
    expect(decideTrust(trust, requestFrom(peer))).toBe(first)
    expect(Object.isFrozen(first)).toBe(true)
  })

  it('does not read the headers of a caller whose word counts for nothing', () => {
    const header = jest.fn<(name: string) => string | undefined>()
    decideTrust('auto', { ...requestFrom('203.0.113.7'), header })
    expect(header).not.toHaveBeenCalled()
  })
})

describe('trust as a function', () => {
  const warn = jest.fn<DiagLogger['warn']>()

  beforeEach(() => {
    Reflect.deleteProperty(globalThis, TRUST_WARNED)
    const silent = (): void => {}
    diag.setLogger({ error: silent, warn, info: silent, debug: silent, verbose: silent })
    warn.mockClear()
  })

  afterEach(() => {
    diag.disable()
    Reflect.deleteProperty(globalThis, TRUST_WARNED)
  })

  it("gets the framework's own request", () => {
    const trust = jest.fn<(request: unknown) => Caller>(() => 'edge')
    const request = requestFrom('127.0.0.1')
    decideTrust(trust, request)
    expect(trust).toHaveBeenCalledTimes(1)
    expect(trust).toHaveBeenCalledWith(request.raw)
  })

  it("leaves the decision to 'auto' when it says so", () => {
    expect(decideTrust(() => 'auto', requestFrom('127.0.0.1')).caller).toBe('internal')
    expect(decideTrust(() => 'auto', requestFrom('203.0.113.7')).caller).toBe('edge')
    expect(warn).not.toHaveBeenCalled()
  })

  it.each<[what: string, trust: () => unknown]>([
    ['undefined', () => undefined],
    ['true', () => true],
    ["'Internal'", () => 'Internal'],
    ['an object', () => ({ caller: 'internal' })],
    ['a promise', () => Promise.resolve('internal')],
    ['a promise that rejects', () => Promise.reject(new Error('late'))],
    [
      'a throw',
      () => {
        throw new Error('broken')
      },
    ],
    [
      'a throw of nothing',
      () => {
        throw undefined
      },
    ],
  ])("counts as 'edge' when it answers with %s, and is warned of", (_what, trust) => {
    const request = requestFrom('127.0.0.1')
    expect(decideTrust(trust as TrustOption, request).caller).toBe('edge')
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("'edge'"))
  })

  it('is warned of once, however often it fails', () => {
    const broken = (() => 'yes') as unknown as TrustOption
    for (let count = 0; count < 3; count += 1) decideTrust(broken, requestFrom('127.0.0.1'))
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("'yes'"))
  })
})

it('a promise that a trust function returns, and that rejects, does not end the process', async () => {
  const late = (() => Promise.reject(new Error('late'))) as unknown as TrustOption
  const unhandled: unknown[] = []
  const keep = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', keep)
  decideTrust(late, requestFrom('127.0.0.1'))
  // Node tells of a rejection after the microtasks of a turn.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', keep)
  expect(unhandled).toEqual([])
})

describe('the trust option', () => {
  it.each<TrustOption>(['auto', 'internal', 'edge', () => 'auto'])('takes %p', (value) => {
    expect(TRUST.holds(value)).toBe(true)
  })

  it.each([
    null,
    true,
    false,
    0,
    '',
    'Internal',
    'none',
    ['internal'],
    {},
    Symbol('internal'),
    async () => 'internal',
  ])('does not take %p', (value) => {
    expect(TRUST.holds(value)).toBe(false)
    expect(() => createServerTracer({ trust: value as TrustOption })).toThrow(TypeError)
  })

  it('names the option, the value and what is allowed', () => {
    expect(() => createServerTracer({ trust: 'always' as TrustOption })).toThrow(
      /trust.*'always'.*'auto'.*'internal'.*'edge'.*function/,
    )
  })
})
