import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { hintsOf } from '../../src/ingest/hints.ts'
import { createReceiverLog } from '../../src/ingest/receiver-log.ts'
import type { ViewerState } from '../../src/ingest/viewer-state.ts'
import { storeOf, type TestSpan } from '../spans.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

/** The hints of a viewer that got this, at seconds after its start, and is asked at `now`. */
function hintsAt(now: number, received: readonly [at: number, spans: readonly TestSpan[]][]) {
  const clock = jest.spyOn(Date, 'now')
  const store = storeOf([])
  for (const [at, spans] of received) {
    clock.mockReturnValue(at * 1000)
    store.take(spans)
  }
  clock.mockReturnValue(now * 1000)
  const state: Partial<ViewerState> = { log: createReceiverLog(), store, url: 'http://here' }
  return hintsOf(state as ViewerState).filter(({ code }) => code === 'orphans')
}

const child = { id: 2, parent: 1 }

describe('The hint that a parent was not received', () => {
  it('waits for one that may still arrive', () => {
    const whole = { trace: 2, id: 3 }
    expect(
      hintsAt(101, [
        [1, [whole]],
        [100, [child]],
      ]),
    ).toEqual([])
    expect(
      hintsAt(110, [
        [1, [whole]],
        [100, [child]],
      ]),
    ).toMatchObject([{ message: expect.stringContaining('In 1 of the last 2 traces') }])
  })

  it('comes at once when there is nothing else to say', () => {
    expect(hintsAt(101, [[100, [child]]])).toHaveLength(1)
  })
})
