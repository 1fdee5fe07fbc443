import { describe, expect, it } from '@jest/globals'
import { rate } from '../../../page/format/number.ts'

describe('A rate in words', () => {
  it.each([
    [12_300, '12k/s'],
    [42, '42/s'],
    [1, '1.0/s'],
    [0.5, '30/min'],
    [0.1661, '10/min'],
    [0.1, '6.0/min'],
    [0.1 / 60, '0.1/min'],
    [0.04 / 60, '2.4/h'],
    [3 / 86_400, '0.1/h'],
    [1 / 86_400, '<0.1/h'],
    [0, '0.0/min'],
  ])('is, of %d a second, %s', (perSecond, words) => {
    expect(rate(perSecond)).toBe(words)
  })
})
