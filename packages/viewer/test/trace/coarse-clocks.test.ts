import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { factsOf } from '../../src/trace/trace-facts.ts'
import { storeOf, type TestSpan, traceId } from '../spans.ts'

/** How often the trace repeats a statement that began and took so long, in milliseconds. */
function repeated(statements: readonly { at: number; took: number }[]): number {
  const spans = statements.map(
    ({ at, took }, index): TestSpan => ({
      id: 10 + index,
      parent: 1,
      at,
      took,
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': `SELECT * FROM items WHERE id = ${index}`,
      },
    }),
  )
  const record = storeOf([{ id: 1, took: 10_000 }, ...spans]).traces.get(traceId(1))
  if (record === undefined) throw new Error('The trace is not there')
  return factsOf(record).repeated
}

/** Thousandths of a millisecond, so that sums are exact. */
const micros = (most: number) => fc.integer({ min: 1, max: most })
const query = fc.record({ took: micros(9000), pause: micros(400) })

describe('Statements whose start is given in whole milliseconds', () => {
  it('are repeated when one is run after the other, however short they are', () => {
    fc.assert(
      fc.property(fc.array(query, { minLength: 11, maxLength: 40 }), (queries) => {
        let now = 0
        const statements = queries.map(({ took, pause }) => {
          const at = Math.floor(now / 1000)
          now += took + pause
          return { at, took: took / 1000 }
        })
        expect(repeated(statements)).toBe(queries.length)
      }),
    )
  })

  it('are not when they are sent together, as short as half a millisecond', () => {
    fc.assert(
      fc.property(fc.array(micros(9000), { minLength: 11, maxLength: 40 }), (durations) => {
        const together = durations.map((took) => ({ at: 5, took: 0.5 + took / 1000 }))
        expect(repeated(together)).toBe(0)
      }),
    )
  })

  it('are taken as they are by a finer clock', () => {
    const every = (gap: number) =>
      Array.from({ length: 12 }, (_, index) => ({ at: 0.25 + index * gap, took: 2 }))
    expect(repeated(every(2))).toBe(12)
    expect(repeated(every(1.4))).toBe(0)
  })
})
