import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { answers, EXIT_MILLIS, LossRun, steps } from './loss-run.ts'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

describe.each(['objects', 'bytes'] as const)(
  'of what waits as %s, nothing is lost in silence',
  (form) => {
    it('whatever ends, flushes and stops in whatever order, in front of whatever collector', async () => {
      const plan = fc.tuple(
        fc.array(answers, { maxLength: 12 }),
        fc.array(steps, { maxLength: 20 }),
      )
      await fc.assert(
        fc.asyncProperty(plan, async ([planned, taken]) => {
          const run = new LossRun(form, planned)
          for (const step of taken) await run.take(step)
          const begun = performance.now()
          const stopped = run.stop('shutdown').then(() => performance.now() - begun)
          await jest.advanceTimersByTimeAsync(EXIT_MILLIS)
          expect(await stopped).toBeLessThanOrEqual(EXIT_MILLIS)
          run.sayRest()
          expect(run.delivered.size + run.lost).toBe(run.ended)
          expect(run.processor.pending).toBe(false)
          run.end(1)
          run.sayRest()
          expect(run.delivered.size + run.lost).toBe(run.ended)
        }),
        { numRuns: 400 },
      )
    })

    it('and a flush returns only when what had ended is delivered, however many wait with it', async () => {
      const slow = fc.record({
        kind: fc.constant('takes' as const),
        millis: fc.integer({ min: 0, max: 1500 }),
      })
      const plan = fc.tuple(
        fc.array(slow, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 400 }),
      )
      await fc.assert(
        fc.asyncProperty(plan, async ([planned, counts, pause]) => {
          const run = new LossRun(form, planned)
          const checks: Promise<void>[] = []
          for (const count of counts) {
            run.end(count)
            const { ended } = run
            const check = (): void => {
              for (let id = 0; id < ended; id++) expect(run.delivered).toContain(id)
            }
            checks.push(run.processor.forceFlush().then(check), run.processor.drain().then(check))
            await jest.advanceTimersByTimeAsync(pause)
          }
          await jest.advanceTimersByTimeAsync(60_000)
          await Promise.all(checks)
          expect(run.lost).toBe(0)
        }),
        { numRuns: 150 },
      )
    })
  },
)
