import { describe, expect, it } from '@jest/globals'
import {
  decodeBaggageValue,
  encodeBaggageValue,
  formatBaggage,
  isBaggageKey,
  parseBaggage,
} from '../../src/w3c/baggage.ts'

const members = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}=${i}`)
const texts = (header: string): string[] => parseBaggage(header).members.map(({ text }) => text)

describe('parseBaggage', () => {
  it('reads the keys, the values as they were sent, and the members byte for byte', () => {
    const header = 'userId=Am%C3%A9lie;p1;p2 = a%20b , serverNode\t=\tDF%2028 ,isProduction=false'
    expect(parseBaggage(header)).toEqual({
      members: [
        { key: 'userId', text: 'userId=Am%C3%A9lie;p1;p2 = a%20b', encodedValue: 'Am%C3%A9lie' },
        { key: 'serverNode', text: 'serverNode\t=\tDF%2028', encodedValue: 'DF%2028' },
        { key: 'isProduction', text: 'isProduction=false', encodedValue: 'false' },
      ],
      dropped: 0,
    })
  })

  it.each([
    ['a=', 'a', ''],
    ['a= ;p', 'a', ''],
    ['a=b=c==', 'a', 'b=c=='],
    ['a+b=1', 'a+b', '1'],
    ['c#d=2', 'c#d', '2'],
    ['e|f=3', 'e|f', '3'],
    ['tenant%2Eid=1', 'tenant%2Eid', '1'],
    ['100%=x', '100%', 'x'],
    ['__proto__=evil', '__proto__', 'evil'],
    ['k=100%', 'k', '100%'],
    ['k=%FF', 'k', '%FF'],
    ['k=v ; p = a%20b ;flag', 'k', 'v'],
    ['k=v;p=', 'k', 'v'],
    ['k=v;p=a=b', 'k', 'v'],
    ["!#$%&'*+-.^_`|~09azAZ=1", "!#$%&'*+-.^_`|~09azAZ", '1'],
  ])('reads %j', (text, key, encodedValue) => {
    expect(parseBaggage(text)).toEqual({ members: [{ key, text, encodedValue }], dropped: 0 })
  })

  it.each([
    'a',
    '=1',
    ' = ',
    ';=1',
    'us er=1',
    '"q"=2',
    'a(b=3',
    'k[]=4',
    'k=a b',
    'k="a"',
    'k=a\\b',
    'k=\u00e9',
    'k=\ud800',
    'clé=1',
    'k=a\tb',
    'k=\0',
    'k=\x7f',
    'k=1\r\n',
    '\u00a0k=1',
    'k=v;',
    'k=v;;p',
    'k=v; ;p',
    'k=v;=p',
    'k=v;p q',
    'k=v;p=a b',
    'k=v;p="q"',
    'k=v;clé',
    'a=;;;;;',
  ])('drops the malformed member %j and keeps the others', (text) => {
    expect(texts(`a=1,${text},b=2`)).toEqual(['a=1', 'b=2'])
    expect(parseBaggage(`a=1,${text},b=2`).dropped).toBe(1)
  })

  it.each(['', ' ', ',', ' ,\t, '])('finds in %j nothing, and nothing to drop', (header) => {
    expect(parseBaggage(header)).toEqual({ members: [], dropped: 0 })
  })

  it('keeps members with one key in order', () => {
    expect(texts('a=1,b=2,a=3')).toEqual(['a=1', 'b=2', 'a=3'])
  })

  it('keeps as many members as fit into 8192 bytes', () => {
    expect(texts(members(512).join())).toEqual(members(512))
    expect(parseBaggage(members(512).join()).dropped).toBe(0)
    const full = Array.from({ length: 2731 }, () => 'k=')
    expect(parseBaggage(full.join())).toMatchObject({ members: { length: 2731 }, dropped: 0 })
    expect(parseBaggage([...full, 'k='].join())).toMatchObject({ dropped: 1 })
  })

  it('counts malformed and empty elements toward the 8192 bytes', () => {
    expect(parseBaggage(`${'?,'.repeat(4094)}a=1,b=2`)).toMatchObject({
      members: [{ text: 'a=1' }],
      dropped: 4095,
    })
    expect(parseBaggage(`${','.repeat(8189)}a=1,b=2`)).toMatchObject({
      members: [{ text: 'a=1' }],
      dropped: 1,
    })
  })

  it('keeps a member of 8192 bytes', () => {
    const text = `k=${'v'.repeat(8190)}`
    expect(parseBaggage(text)).toMatchObject({ members: [{ text }], dropped: 0 })
    expect(parseBaggage(`${text}v`)).toEqual({ members: [], dropped: 1 })
  })

  it('keeps 8192 bytes of members and drops from the one that goes beyond them', () => {
    const half = `k=${'v'.repeat(4093)}`
    expect(texts(`${half},${half}v`)).toHaveLength(2)
    expect(parseBaggage(`${half},${half}vv,a=1`)).toMatchObject({
      members: [{ text: half }],
      dropped: 2,
    })
  })

  it('does not count the whitespace between members', () => {
    const half = `k=${'v'.repeat(4093)}`
    expect(texts(`  ${half}\t ,${' '.repeat(5000)}${half}v `)).toHaveLength(2)
  })

  it('counts malformed members toward the 8192 bytes', () => {
    expect(parseBaggage(`${'?'.repeat(8188)},a=1`).members).toHaveLength(1)
    expect(parseBaggage(`${'?'.repeat(8189)},a=1`)).toEqual({ members: [], dropped: 2 })
  })
})

describe('a baggage value', () => {
  it('is encoded for the header and decoded from it', () => {
    expect(encodeBaggageValue('Amélie, 100%')).toBe('Am%C3%A9lie%2C%20100%25')
    expect(decodeBaggageValue('Am%C3%A9lie%2C%20100%25')).toBe('Amélie, 100%')
  })
})

describe('isBaggageKey', () => {
  it.each(['a', 'tenant.id', '100%', "!#$%&'*+-.^_`|~"])('accepts %j', (key) => {
    expect(isBaggageKey(key)).toBe(true)
  })

  it.each(['', ' a', 'a b', 'a=b', 'a,b', 'a;b', 'clé', 'a(b)', '"a"', 'a\n'])(
    'refuses %j',
    (key) => {
      expect(isBaggageKey(key)).toBe(false)
    },
  )
})

describe('formatBaggage', () => {
  it('joins the members in order, as they are', () => {
    expect(formatBaggage(['a=1;p = x', 'b\t=', 'a=2'])).toBe('a=1;p = x,b\t=,a=2')
  })

  it('sends no empty header', () => {
    expect(formatBaggage([])).toBeUndefined()
    expect(formatBaggage(['malformed'])).toBeUndefined()
  })

  it('sends as many members as fit', () => {
    expect(formatBaggage(members(512))).toBe(members(512).join())
  })

  it('fills 8192 bytes and never sends a part of a member', () => {
    const half = `k=${'v'.repeat(4093)}`
    expect(formatBaggage([half, `${half}v`])).toHaveLength(8192)
    expect(formatBaggage([half, `${half}vv`])).toBe(half)
    expect(formatBaggage([`k=${'v'.repeat(8190)}`])).toHaveLength(8192)
  })

  it('leaves out a member that does not fit and sends those after it that do', () => {
    expect(formatBaggage(['a=1', `k=${'v'.repeat(8190)}`, 'b=2'])).toBe('a=1,b=2')
  })

  it.each(['', 'a', 'a=1,tenant=evil', 'a=1\r\nx: y', ' a=1', 'a=1 ', 'a=\u0100', '=1'])(
    'leaves out the malformed member %j',
    (text) => {
      expect(formatBaggage(['a=1', text, 'b=2'])).toBe('a=1,b=2')
    },
  )
})
