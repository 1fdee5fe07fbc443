import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  decodeBaggageValue,
  encodeBaggageValue,
  formatBaggage,
  isBaggageKey,
  parseBaggage,
} from '../../src/w3c/baggage.ts'
import { readBaggage, readBaggageMember, writeBaggage } from '../reference/baggage.ts'
import { almost, textOf } from '../reference/header-arbitrary.ts'

const space = fc.constantFrom('', '', ' ', '\t ')
const key = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,8}$/)
const value = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,12}$/) },
  fc.nat(9000).map((length) => 'v'.repeat(length)),
)
const assigned = fc.tuple(key, space, fc.constant('='), space, value)
const pair = assigned.map((parts) => parts.join(''))
const property = fc.tuple(space, fc.constant(';'), space, fc.oneof(key, pair))
const member = fc
  .tuple(pair, fc.array(property, { maxLength: 3 }))
  .map(([text, properties]) => text + properties.flat().join(''))
const list = fc
  .array(fc.oneof({ weight: 9, arbitrary: member }, space), { maxLength: 70, size: 'max' })
  .chain((members) => space.map((around) => members.join(`${around},${around}`)))

describe('baggage', () => {
  it('is read as the grammar says', () => {
    const any = fc.oneof(
      almost(list),
      textOf(['a', '=', ',', ' ', 'b=1', ';', 'p', '\t', '%4', '"'], 150),
    )
    fc.assert(
      fc.property(any, (header) => {
        expect(parseBaggage(header)).toEqual(readBaggage(header))
      }),
      { numRuns: 400 },
    )
  })

  it('is written as the grammar says, and read back whole', () => {
    const members = fc.array(fc.oneof({ weight: 9, arbitrary: member }, almost(member)), {
      maxLength: 70,
      size: 'max',
    })
    fc.assert(
      fc.property(members, (texts) => {
        const header = formatBaggage(texts)
        expect(header).toBe(writeBaggage(texts))
        expect(header?.length ?? 0).toBeLessThanOrEqual(8192)
        expect(formatBaggage(parseBaggage(header ?? '').members.map(({ text }) => text))).toBe(
          header,
        )
        expect(parseBaggage(header ?? '').dropped).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it('carries any text as a value', () => {
    fc.assert(
      fc.property(key, fc.string({ unit: 'grapheme', maxLength: 200 }), (name, text) => {
        const header = formatBaggage([`${name}=${encodeBaggageValue(text)}`])
        const [received] = parseBaggage(header ?? '').members
        expect(received?.key).toBe(name)
        expect(decodeBaggageValue(received?.encodedValue ?? '')).toBe(text)
      }),
    )
  })

  it('has keys that are tokens', () => {
    fc.assert(
      fc.property(fc.oneof(key, almost(key), fc.string({ unit: 'binary' })), (name) => {
        const member = readBaggageMember(`${name}=`)
        expect(isBaggageKey(name)).toBe(member?.key === name)
      }),
      { numRuns: 1000 },
    )
  })
})
