import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { roundDuration } from '../../../page/format/duration.ts'
import { margin, type Plot, plotOf, selectionOf, xOf, yOf } from '../../../page/traces/plot.ts'
import { durationTicks, timeTicks } from '../../../page/traces/ticks.ts'

const HOUR = 3_600_000
const START = 1_795_365_007_000

/** The plot of traces that took so long, in milliseconds. */
function plotFor(durations: readonly number[], length = 60_000, width = 1300): Plot {
  const data = {
    ids: durations.map(String),
    start: durations.map(
      (_, index) => START + (index * length) / Math.max(1, durations.length - 1),
    ),
    duration: [...durations],
    errors: durations.map(() => 0),
    service: durations.map(() => 0),
    name: durations.map(() => 'GET /'),
    services: ['orders'],
    matched: durations.length,
  }
  const plot = plotOf(data, { width, height: 140 }, {})
  if (!plot) throw new Error('Nothing to draw')
  return plot
}

const durations = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 })
const labels = (plot: Plot) => durationTicks(plot).map(roundDuration)

describe('A rectangle drawn on the scatter', () => {
  it('asks for durations as the query language has them, and for all whose dots it holds', () => {
    const place = fc.record({
      x: fc.integer({ min: -9, max: 1400 }),
      y: fc.integer({ min: -9, max: 150 }),
    })
    fc.assert(
      fc.property(durations, place, place, (took, a, b) => {
        const plot = plotFor(took)
        const { shortest, longest } = selectionOf(plot, a, b)
        for (const bound of [shortest, longest]) expect(bound).toMatch(/^\d+(?:\.\d+)?$/)
        for (const ms of took) {
          const y = yOf(plot, ms)
          if (y < Math.min(a.y, b.y) || y > Math.max(a.y, b.y)) continue
          expect(Number(shortest)).toBeLessThanOrEqual(ms)
          expect(Number(longest)).toBeGreaterThanOrEqual(ms)
        }
      }),
    )
  })

  it('does not ask for more digits than the eye can tell apart', () => {
    const plot = plotFor([12.3456, 18_900])
    const top = { x: 100, y: yOf(plot, 18_900) - 4 }
    const { shortest, longest } = selectionOf(plot, top, { x: 900, y: yOf(plot, 12.3456) + 4 })
    for (const bound of [shortest, longest])
      expect(bound.replace('.', '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(3)
  })
})

describe('The axis of durations', () => {
  it('has its marks at round values of their own unit', () => {
    expect(labels(plotFor([0.05, 80_000_000]))).toEqual(['10 h', '10 m', '10 s', '100 ms', '1 ms'])
    expect(labels(plotFor([12, 60]))).toEqual(['50 ms', '20 ms', '10 ms'])
  })

  it('never has fewer than one, nor two that run into each other, nor words wider than its margin', () => {
    fc.assert(
      fc.property(durations, (took) => {
        const plot = plotFor(took)
        const places = durationTicks(plot).map((each) => yOf(plot, each))
        expect(places.length).toBeGreaterThan(0)
        places.reduce((above, y) => {
          expect(y - above).toBeGreaterThanOrEqual(16)
          return y
        }, Number.NEGATIVE_INFINITY)
        for (const words of labels(plot)) expect(words.length).toBeLessThanOrEqual(6)
      }),
    )
  })
})

describe('The axis of times', () => {
  it.each([
    ['a minute', 60_000, 10_000],
    ['ten minutes', 600_000, 60_000],
    ['a day', 24 * HOUR, 3 * HOUR],
    ['a week', 168 * HOUR, 24 * HOUR],
  ])('has its marks at round times when it shows %s', (_, length, wanted) => {
    const zone = 5.5 * HOUR
    const { times, step } = timeTicks(plotFor([1, 2], length), zone)
    expect(step).toBe(wanted)
    for (const time of times) expect((time + zone) % step).toBe(0)
  })

  it('has a few, all within the plot, however long it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e11 }), (length) => {
        const plot = plotFor([1, 2], length)
        const { times } = timeTicks(plot)
        expect(times.length).toBeLessThanOrEqual(12)
        for (const time of times) {
          expect(xOf(plot, time)).toBeGreaterThanOrEqual(margin.left - 1e-6)
          expect(xOf(plot, time)).toBeLessThanOrEqual(plot.width - margin.right + 1e-6)
        }
      }),
    )
  })
})
