import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { duration, roundDuration } from '../../../page/format/duration.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('A duration in words', () => {
  it.each([
    [0, '0 ms'],
    [0.00094, '0.94 µs'],
    [0.1, '100 µs'],
    [0.31, '310 µs'],
    [0.9996, '1.00 ms'],
    [842, '842 ms'],
    [999.6, '1.00 s'],
    [1240, '1.24 s'],
    [59_940, '59.9 s'],
    [59_960, '1 m'],
    [65_000, '1 m 5 s'],
    [119_400, '1 m 59 s'],
    [119_600, '2 m'],
    [HOUR - 400, '1 h'],
    [HOUR + 5 * MINUTE, '1 h 5 m'],
    [2 * HOUR - 1000, '2 h'],
    [24 * HOUR - MINUTE, '23 h 59 m'],
    [24 * HOUR, '24 h'],
    [-65_000, '-1 m 5 s'],
    [-0.31, '-310 µs'],
  ])('is, of %d ms, %s', (ms, words) => {
    expect(duration(ms)).toBe(words)
  })

  it('never says sixty of what makes a whole, nor a part that is nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ms) => {
        expect(duration(ms)).not.toMatch(/(?<![\d.])60 [sm]\b| 0 [sm]$/)
      }),
    )
  })

  it.each([
    [0.01, '10 µs'],
    [10, '10 ms'],
    [1000, '1 s'],
    [10 * MINUTE, '10 m'],
  ])('has no empty decimals on an axis: %d ms is %s', (ms, words) => {
    expect(roundDuration(ms)).toBe(words)
  })
})
