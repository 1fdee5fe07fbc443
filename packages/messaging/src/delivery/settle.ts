import type { MessageOutcome } from '@callchain/core'

/** Says what an error is, where it is more than that: its code, or that it is no failure. */
export type ReadError = (error: unknown) => MessageOutcome

/** An error that is one. */
export const readError: ReadError = (error) => ({
  error: error ?? new Error('failed without a reason'),
})

/**
 * Runs `run`, and calls `end` once what it returns has settled, or at once if it is not a promise.
 * What it returns, throws and rejects with is passed on: a rejection that nobody handles stays so.
 */
export function endWith<T>(
  run: () => T,
  end: (outcome?: MessageOutcome) => void,
  read: ReadError = readError,
): T {
  let result: T
  try {
    result = run()
  } catch (error) {
    end(read(error))
    throw error
  }
  if (!isThenable(result)) {
    end()
    return result
  }
  return result.then(
    (value) => {
      end()
      return value
    },
    (error: unknown) => {
      end(read(error))
      throw error
    },
  ) as T
}

/** Whether a value is a promise of any implementation. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
