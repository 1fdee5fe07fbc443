import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { createTraceState } from '@opentelemetry/api'
import {
  passes,
  randomnessOf,
  thresholdOf,
  trustedState,
  withThreshold,
} from '../../src/keep/threshold.ts'

// In CI ten thousand; by hand: KEEP_IDS=1000000.
const IDS = Number(process.env.KEEP_IDS ?? 10_000)

describe('the threshold of a share', () => {
  it.each([
    [1, '0'],
    [0.5, '8'],
    [0.25, 'c'],
    [0.1, 'e666'],
    [1 / 3, 'aaab'],
    [0.01, 'fd70a'],
    [1e-6, 'ffffef39'],
    [2 ** -56, 'ffffffffffffff'],
  ])('of %d is written as %s', (share, written) => {
    expect(thresholdOf(share)?.encoded).toBe(written)
  })

  it('is none for nothing: "never" is not a probability', () => {
    expect(thresholdOf(0)).toBeUndefined()
  })

  it(`decides ${IDS} ids as whole numbers do, and keeps no more for a smaller share`, () => {
    for (const share of [0.01, 0.1, 1 / 3]) {
      const threshold = thresholdOf(share)
      const more = thresholdOf(share * 2)
      const bound = BigInt(`0x${threshold?.digits}`)
      const ids = Array.from({ length: IDS }, () => randomBytes(16).toString('hex'))
      const isKept = (id: string): boolean => passes(randomnessOf(id, undefined), threshold)
      const kept = ids.filter(isKept).length
      expect(ids.filter((id) => isKept(id) !== BigInt(`0x${id}`) % 2n ** 56n >= bound)).toEqual([])
      expect(ids.filter((id) => isKept(id) && !passes(randomnessOf(id, undefined), more))).toEqual(
        [],
      )
      // Six standard deviations.
      expect(Math.abs(kept / IDS - share)).toBeLessThan(6 * Math.sqrt((share * (1 - share)) / IDS))
    }
  })
})

describe('the trace state', () => {
  it('gives the randomness where it says one', () => {
    const state = createTraceState('a=b,ot=rv:0123456789abcd')
    expect(randomnessOf('f'.repeat(32), state)).toBe('0123456789abcd')
    expect(randomnessOf('f'.repeat(32), createTraceState('ot=rv:0123'))).toBe('f'.repeat(14))
  })

  it('says the threshold next to what others said', () => {
    const state = createTraceState('a=b,ot=rv:0123456789abcd;th:8')
    expect(withThreshold(state, thresholdOf(0.25))?.serialize()).toBe(
      'ot=rv:0123456789abcd;th:c,a=b',
    )
    expect(withThreshold(createTraceState('ot=th:8,a=b'), undefined)?.serialize()).toBe('a=b')
  })

  it.each([
    ['kept, as it says', 1, 'ot=th:8', 'ot=th:8'],
    ['kept, though it says it is not', 1, 'ot=th:ffff', ''],
    ['not kept, though it says it is', 0, 'ot=th:8', ''],
    ['without a number', 1, 'ot=th:xyz', ''],
    ['without a threshold', 1, 'a=b', 'a=b'],
  ])('of a caller: %s', (_, traceFlags, given, trusted) => {
    const traceId = `${'0'.repeat(18)}e0000000000000`
    const traceState = createTraceState(given)
    const state = trustedState({ traceId, spanId: '1'.repeat(16), traceFlags, traceState })
    expect(state?.serialize() ?? '').toBe(trusted)
  })
})
