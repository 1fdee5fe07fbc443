import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { diag } from '@opentelemetry/api'
import { checkLater, forget, UNREAD_AFTER_MS } from '../src/call/unread.ts'

afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

function waitFor(since: number): { since: number; check: () => void; checked: Promise<void> } {
  let check = (): void => {}
  const checked = new Promise<void>((resolve) => {
    check = resolve
  })
  return { since, check, checked }
}

describe('what is left unread', () => {
  it('is checked in its time, from the first moment of a process on', async () => {
    const early = waitFor(0)
    checkLater(early)

    await early.checked
  })

  it('is not checked before its time, nor once it is forgotten', async () => {
    const forgotten = { since: performance.now(), check: jest.fn() }
    const later = waitFor(performance.now())
    checkLater(forgotten)
    checkLater(later)
    forget(forgotten)

    await later.checked
    expect(performance.now() - later.since).toBeGreaterThanOrEqual(UNREAD_AFTER_MS)
    expect(forgotten.check).not.toHaveBeenCalled()
  })

  it('is checked though a test has faked the timer that was to do so, and dropped it', async () => {
    jest.useFakeTimers({ doNotFake: ['performance'] })
    const dropped = waitFor(performance.now())
    checkLater(dropped)
    jest.useRealTimers()
    const next = { since: performance.now() + 3 * UNREAD_AFTER_MS, check: jest.fn() }
    checkLater(next)

    await dropped.checked
    forget(next)
  })

  it('is checked though what came before it throws, and the process goes on', async () => {
    const error = jest.spyOn(diag, 'error').mockReturnValue()
    const broken = new Error('broken')
    const since = performance.now()
    checkLater({
      since,
      check: () => {
        throw broken
      },
    })
    const next = waitFor(since)
    checkLater(next)

    await next.checked
    expect(error).toHaveBeenCalledWith('callchain: tracing an unread body threw', broken)
  })
})
