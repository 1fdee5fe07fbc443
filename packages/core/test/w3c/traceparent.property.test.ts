import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatTraceparent, parseTraceparent } from '../../src/w3c/traceparent.ts'
import { almost, textOf } from '../reference/header-arbitrary.ts'
import { readTraceparent } from '../reference/traceparent.ts'

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })

const header = fc
  .tuple(
    fc.constantFrom('00', '01', 'cc', 'fe', 'ff'),
    fc.oneof({ weight: 9, arbitrary: hex(32) }, fc.constant('0'.repeat(32))),
    fc.oneof({ weight: 9, arbitrary: hex(16) }, fc.constant('0'.repeat(16))),
    hex(2),
  )
  .map((fields) => fields.join('-'))
const surrounded = fc
  .tuple(fc.constantFrom('', ' ', '\t '), header, fc.constantFrom('', '-', '-x', ' \t', '.', '0'))
  .map((parts) => parts.join(''))

describe('traceparent', () => {
  it('is read as the grammar says', () => {
    const any = fc.oneof(almost(surrounded), textOf(['0', 'a', 'F', '-', ' '], 70))
    fc.assert(
      fc.property(any, (text) => {
        expect(parseTraceparent(text)).toEqual(readTraceparent(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('comes back as it was written, reserved flags cleared', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer(), (traceId, spanId, flags) => {
        fc.pre(/[^0]/.test(traceId) && /[^0]/.test(spanId))
        const written = formatTraceparent(traceId, spanId, flags)
        expect(written).toHaveLength(55)
        expect(parseTraceparent(written)).toEqual({
          traceId,
          spanId,
          traceFlags: flags & 3,
          isRemote: true,
        })
      }),
    )
  })
})
