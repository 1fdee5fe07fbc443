import { afterEach, describe, expect, it } from '@jest/globals'
import { parseAddress, parsePeer } from '../src/address.ts'
import { parseTarget } from '../src/target.ts'

const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const

describe('the target of a channel', () => {
  const before = PROXIES.map((name) => process.env[name])
  afterEach(() => {
    for (const [index, name] of PROXIES.entries()) {
      const value = before[index]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  it.each([
    ['dns:localhost:50051', ['localhost'], 'localhost', 50051],
    ['localhost:50051', ['localhost'], 'localhost', 50051],
    ['stock.internal', ['stock.internal'], 'stock.internal', undefined],
    ['dns:///stock.internal:50051', ['stock.internal'], 'stock.internal', 50051],
    ['dns://8.8.8.8/api.partner.example:443', ['api.partner.example'], 'api.partner.example', 443],
    ['ipv4:10.0.0.7:50051,203.0.113.9:443', ['10.0.0.7', '203.0.113.9'], '10.0.0.7', 50051],
    ['ipv6:[::1]:50051', ['::1'], '::1', 50051],
    ['dns:[2001:db8::1]:443', ['2001:db8::1'], '2001:db8::1', 443],
    ['unix:/run/stock.sock', ['localhost'], '/run/stock.sock', undefined],
    ['unix-abstract:stock', ['localhost'], 'stock', undefined],
    ['xds:///stock.prod', ['stock.prod'], 'stock.prod', undefined],
    ['', [], undefined, undefined],
  ])('reads %s', (target, hosts, address, port) => {
    expect(parseTarget(target)).toEqual({ hosts, address, port })
  })

  it.each(PROXIES)('is not known where %s leads through a proxy', (name) => {
    for (const each of PROXIES) delete process.env[each]
    process.env[name] = 'http://localhost:3128'
    expect(parseTarget('dns:localhost:3128').hosts).toEqual([])
    expect(parseTarget('dns:localhost:50051').hosts).toEqual(['localhost'])
  })

  it('is read where a proxy is not a URL', () => {
    for (const each of PROXIES) delete process.env[each]
    process.env.grpc_proxy = 'nonsense'
    expect(parseTarget('dns:localhost:3128').hosts).toEqual(['localhost'])
  })
})

describe('an address', () => {
  it.each([
    ['10.0.0.7:50051', '10.0.0.7', 50051],
    ['[::1]:50051', '::1', 50051],
    ['[::1]', '::1', undefined],
    ['::1', '::1', undefined],
    ['stock:99999', 'stock', undefined],
  ])('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port })
  })

  it.each([
    ['127.0.0.1:50051', { host: '127.0.0.1', port: 50051 }],
    ['::1:50051', { host: '::1', port: 50051 }],
    ['::ffff:10.0.0.7:50051', { host: '::ffff:10.0.0.7', port: 50051 }],
    ['[::1]:50051', { host: '::1', port: 50051 }],
    ['dns:localhost:50051', undefined],
    ['/run/stock.sock', undefined],
    ['unknown', undefined],
  ])('takes %s for a peer, or not', (text, peer) => {
    expect(parsePeer(text)).toEqual(peer)
  })
})
