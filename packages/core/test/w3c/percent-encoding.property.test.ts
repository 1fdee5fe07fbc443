import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { percentDecode, percentEncode } from '../../src/w3c/percent-encoding.ts'
import { textOf } from '../reference/header-arbitrary.ts'
import { readPercentEncoded } from '../reference/percent-decoding.ts'

// The bytes at which UTF-8 sequences begin, go on, or break.
const edges = '00 41 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff BB BF EF'
const sequences = edges.split(' ').map((hex) => `%${hex}`)

const replaceSurrogates = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

describe('percent-encoding', () => {
  it('is decoded as the specification says', () => {
    const any = fc.oneof(
      textOf(sequences, 12),
      textOf([...sequences, '%', '%4', 'A', 'f', '\ud83e', '\udd8a', 'é'], 12),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(any, (encoded) => {
        const decoded = percentDecode(encoded)
        expect(replaceSurrogates(decoded)).toBe(readPercentEncoded(encoded))
        if (encoded.includes('%')) expect(decoded).toBe(replaceSurrogates(decoded))
      }),
      { numRuns: 2000 },
    )
  })

  it('gives every text back, lone surrogates replaced', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const encoded = percentEncode(value)
        expect(encoded).toMatch(/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/)
        expect(encoded.length).toBeLessThanOrEqual(value.length * 9)
        expect(percentDecode(encoded)).toBe(replaceSurrogates(value))
      }),
      { numRuns: 2000 },
    )
  })
})
