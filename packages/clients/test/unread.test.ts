import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { diag } from '@opentelemetry/api'
import { forget, lookLater, UNREAD_AFTER } from '../src/call/unread.ts'

afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

function waitFor(since: number): { since: number; look: () => void; looked: Promise<void> } {
  let look = (): void => {}
  const looked = new Promise<void>((resolve) => {
    look = resolve
  })
  return { since, look, looked }
}

describe('what is left unread', () => {
  it('is looked at in its time, from the first moment of a process on', async () => {
    const early = waitFor(0)
    lookLater(early)

    await early.looked
  })

  it('is not looked at before its time, nor once it is forgotten', async () => {
    const forgotten = { since: performance.now(), look: jest.fn() }
    const later = waitFor(performance.now())
    lookLater(forgotten)
    lookLater(later)
    forget(forgotten)

    await later.looked
    expect(performance.now() - later.since).toBeGreaterThanOrEqual(UNREAD_AFTER)
    expect(forgotten.look).not.toHaveBeenCalled()
  })

  it('is looked at though a test has faked the timer that was to do so, and dropped it', async () => {
    jest.useFakeTimers({ doNotFake: ['performance'] })
    const dropped = waitFor(performance.now())
    lookLater(dropped)
    jest.useRealTimers()
    const next = { since: performance.now() + 3 * UNREAD_AFTER, look: jest.fn() }
    lookLater(next)

    await dropped.looked
    forget(next)
  })

  it('is looked at though what came before it throws, and the process goes on', async () => {
    const error = jest.spyOn(diag, 'error').mockReturnValue()
    const broken = new Error('broken')
    const since = performance.now()
    lookLater({
      since,
      look: () => {
        throw broken
      },
    })
    const next = waitFor(since)
    lookLater(next)

    await next.looked
    expect(error).toHaveBeenCalledWith('callchain: tracing unread threw', broken)
  })
})
