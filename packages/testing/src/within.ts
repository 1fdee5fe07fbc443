import { startTimer, stopTimer } from './timers.ts'

const PROMISE_TIMEOUT_MILLIS = 60_000

/**
 * Resolves when a promise has been checked, and rejects before the test runner gives up: only then
 * is it cleared up after.
 */
export async function within(checked: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`not kept within ${PROMISE_TIMEOUT_MILLIS} ms`)
    timer = startTimer(() => reject(error), PROMISE_TIMEOUT_MILLIS)
  })
  try {
    await Promise.race([checked, late])
  } finally {
    stopTimer(timer)
  }
}
