import { describe, expect, it } from '@jest/globals'
import { layoutMap } from '../../../page/map/layout.ts'
import { spotsOf } from '../../../page/map/spots-of.ts'
import type { ServiceMap } from '../../../src/contract/figures.ts'

const figures = { calls: 1, rate: 1, errors: 0, errorRate: 0, p50: 1, p95: 1, q: '' }

/** `a` calls `e` and `b`, which calls `c`, which calls `d`. */
const branching: ServiceMap = {
  from: 0,
  to: 1000,
  seconds: 1,
  traces: 1,
  nodes: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ id: name, name, type: 'service', ...figures })),
  edges: [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'd'],
    ['a', 'e'],
  ].map(([from = '', to = '']) => ({ from, to, async: false, ...figures })),
}

describe('the spots of a map', () => {
  it.each(['LR', 'TB'] as const)(
    'come callers first, with each call between the two, when it is laid out %s',
    (direction) => {
      const ids = spotsOf(layoutMap(branching, direction)).map(({ id }) => id)
      expect(ids[0]).toBe('a')
      expect(ids.at(-1)).toBe('d')
      for (const { from, to } of branching.edges) {
        const call = ids.indexOf(`${from} → ${to}`)
        expect(call).toBeGreaterThan(ids.indexOf(from))
        expect(call).toBeLessThan(ids.indexOf(to))
      }
    },
  )
})
