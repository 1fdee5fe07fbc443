import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { dayAndTime, startTime, tickTime, timeOfDay } from '../../../page/format/time.ts'
import { timeTicks } from '../../../page/traces/ticks.ts'

const DAY = 24 * 3_600_000
const NOW = 1_795_365_007_000

describe('The axis of times of traces that lie years apart, as where a clock was never set', () => {
  it('has few marks, and each says something else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 400 * DAY, max: NOW }),
        fc.integer({ min: 400, max: 3000 }),
        (length, width) => {
          const plot = { width, height: 140, from: NOW - length, to: NOW, shortest: 1, longest: 2 }
          const { times, step } = timeTicks(plot)
          expect(times.length).toBeLessThanOrEqual(1 + width / 110)
          const words = times.map((time) => tickTime(time, step))
          expect(new Set(words).size).toBe(words.length)
        },
      ),
    )
  })
})

describe('When a trace began', () => {
  it('is a time of day, unless it could be taken for one of another day', () => {
    expect(startTime(NOW - 3_600_000, NOW)).toBe(timeOfDay(NOW - 3_600_000))
    for (const away of [-2 * DAY, 2 * DAY]) {
      const [day] = dayAndTime(NOW - away).split(',')
      expect(startTime(NOW - away, NOW)).toContain(day)
      expect(startTime(NOW - away, NOW)).toMatch(/ \d\d:\d\d$/)
    }
    for (const away of [-200 * DAY, 200 * DAY, 400 * DAY]) {
      const [day] = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' }).formatToParts(
        NOW - away,
      )
      expect(startTime(NOW - away, NOW)).toMatch(new RegExp(`\\b${day?.value}\\b.* \\d\\d:\\d\\d$`))
    }
  })
})
