import { describe, expect, it } from '@jest/globals'
import { isInternalAddress, unmapAddress } from '../../src/trust/ip-address.ts'

describe('isInternalAddress', () => {
  it.each([
    // loopback
    '127.0.0.1',
    '127.0.0.2',
    '127.255.255.255',
    '::1',
    '0:0:0:0:0:0:0:1',
    '0000:0000:0000:0000:0000:0000:0000:0001',
    // RFC 1918
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.0',
    '192.168.255.255',
    // link-local
    '169.254.0.1',
    '169.254.169.254',
    'fe80::1',
    'FE80::1',
    'febf:ffff::1',
    'fe80::1%eth0',
    'fe80::1%vlan_10',
    // unique local
    'fc00::',
    'fd12:3456:789a::1',
    'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    // carrier-grade NAT
    '100.64.0.0',
    '100.127.255.255',
    // IPv4-mapped
    '::ffff:127.0.0.1',
    '::ffff:10.1.2.3',
    '::FFFF:10.1.2.3',
    '::ffff:0a01:0203',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:192.168.1.1',
    '0:0:0:0:0:ffff:c0a8:101',
    '::ffff:10.1.2.3%eth0',
  ])('holds for %s', (address) => {
    expect(isInternalAddress(address)).toBe(true)
  })

  it.each([
    // just outside each range
    '9.255.255.255',
    '11.0.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '100.63.255.255',
    '100.128.0.0',
    'fe7f::1',
    'fec0::1',
    'fbff::1',
    'fe00::1',
    '::2',
    // public, unspecified, translated
    '8.8.8.8',
    '203.0.113.7',
    '255.255.255.255',
    '0.0.0.0',
    '::',
    '2001:db8::1',
    '2001:db8:fd00::1',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '::10.1.2.3',
    '64:ff9b::10.1.2.3',
    '1::ffff:10.1.2.3',
    '0:1::ffff:10.1.2.3',
    '0:0:0:0:1:ffff:a01:203',
    '2001:db8::1%eth0',
    // no address
    '',
    ' ',
    'unknown',
    '_hidden',
    'localhost',
    '10',
    '10.',
    '10.1',
    '10.0.0',
    '10.0.0.',
    '10.0.0.1.',
    '10.0.0.1.2',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.00',
    '10.0.0.1000',
    '10.00.0.1',
    '::ffff:010.0.0.1',
    'fd00',
    'fd00:',
    'fd00::1::2',
    'fc00::1%',
    'fd000::1',
    '-fd00::1',
    'fd00x::1',
    '0xfd00::1',
    '010.0.0.1',
    '10.0.0.1 ',
    ' 10.0.0.1',
    '10.0.0.1:80',
    '10.0.0.1/8',
    '10.0.0.1%eth0',
    '10.evil.example',
    '10.0.0.1.evil.example',
    '10..0.1',
    '10.0.0.-1',
    '10.0.0.1e',
    '1e1.0.0.1',
    '0x7f.0.0.1',
    '127.0.0.1\u0000',
    '[::1]',
    '::1%',
    ':::1',
    '::ffff:10.1.2.3.4',
    '::ffff:10.1.2.256',
    '::ffff:evil',
    '::ffff:',
    'fe80',
    'fd00:evil::1',
    `fd00::${'0'.repeat(10_000)}`,
  ])('does not hold for %j', (address) => {
    expect(isInternalAddress(address)).toBe(false)
  })

  it('holds for the other end of a Unix socket, which has no address', () => {
    expect(isInternalAddress(undefined)).toBe(true)
  })
})

describe('unmapAddress', () => {
  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:255.255.255.255', '255.255.255.255'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:10.0.0.1%eth0', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['2001:DB8::1', '2001:DB8::1'],
    ['::ffff:300.0.0.1', '::ffff:300.0.0.1'],
    ['a:b%c', 'a:b%c'],
    ['unknown', 'unknown'],
    ['', ''],
  ])('writes %j as %j', (address, expected) => {
    expect(unmapAddress(address)).toBe(expected)
  })
})
