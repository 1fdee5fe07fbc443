import { describe, expect, it } from '@jest/globals'
import { addressesOf, addressToCopy, isDefaultAddress } from '../../../page/receiver/addresses.ts'

const own = 'http://127.0.0.1:4318'
const other = 'http://192.0.2.7:4318'
const mostly = { endpoint: own, otherEndpoints: [] }
const forOthers = { endpoint: own, otherEndpoints: [other, 'http://198.51.100.7:4318'] }

describe('The addresses on the Receiver', () => {
  it('are the one by which the page was opened, for a viewer of this machine alone', () => {
    const opened = new URL('http://localhost:4318')
    const addresses = addressesOf(mostly, opened)
    expect(addresses).toEqual([{ url: 'http://localhost:4318' }])
    expect(addressToCopy(addresses, opened)).toBe('http://localhost:4318')
  })

  it('name to copy the one for other machines, where the viewer serves them', () => {
    const opened = new URL(own)
    const addresses = addressesOf(forOthers, opened)
    expect(addresses.map(({ url }) => url)).toEqual([own, ...forOthers.otherEndpoints])
    expect(addresses.map(({ from }) => from)).toEqual([
      undefined,
      'From other machines',
      'From other machines',
    ])
    expect(addressToCopy(addresses, opened)).toBe(other)
  })

  it.each([other, 'https://traces.example', 'http://[2001:db8::7]:9999'])(
    'begin with %s, and name it to copy, when another machine has opened it so',
    (origin) => {
      const opened = new URL(origin)
      const addresses = addressesOf(forOthers, opened)
      expect(addresses[0]).toEqual({ url: origin })
      expect(addresses.at(-1)).toEqual({ url: own, from: 'On its own machine' })
      expect(addresses.filter(({ url }) => url === origin)).toHaveLength(1)
      expect(addressToCopy(addresses, opened)).toBe(origin)
    },
  )
})

describe('The address that is the default of OTLP exporters', () => {
  it.each([
    [own, true],
    ['http://localhost:4318', true],
    ['http://[::1]:4318', true],
    ['http://127.0.0.1:4319', false],
    [other, false],
    ['http://127.0.0.1.example:4318', false],
  ])('%s: %s', (url, expected) => {
    expect(isDefaultAddress(url)).toBe(expected)
  })
})
