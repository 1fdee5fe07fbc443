import { isThenable } from '../driver/settle.ts'

/**
 * Calls `end` once an answer is there or fails, with what it failed with, and passes it on as it is.
 * A transaction or a pipeline, a batch, fails with the first of its commands that did.
 */
export function endWithAnswer(
  answer: unknown,
  isBatch: () => boolean,
  end: (error: unknown) => void,
): unknown {
  if (!isThenable(answer)) {
    end(undefined)
    return answer
  }
  return answer.then(
    (value: unknown) => {
      end(isBatch() ? failureIn(value) : undefined)
      return value
    },
    (error: unknown) => {
      end(error ?? new Error('rejected with nothing'))
      throw error
    },
  )
}

/** What an answer to several commands failed with; a transaction that was called off has none. */
export function failureIn(answer: unknown): unknown {
  if (answer === null) return new WatchError()
  return Array.isArray(answer) ? answer.find((each) => each instanceof Error) : undefined
}

/** A transaction that the server did not carry out: what it watched has changed. */
export class WatchError extends Error {
  override readonly name = 'WatchError'
}
