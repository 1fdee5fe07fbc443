import { isThenable } from '../driver/settle.ts'

/**
 * Calls `listener` once an answer comes or fails, with the error, and passes the answer on. A batch,
 * which is a transaction or a pipeline, fails with the first of its commands that failed.
 */
export function onAnswered(
  answer: unknown,
  isBatch: () => boolean,
  listener: (error: unknown) => void,
): unknown {
  if (!isThenable(answer)) {
    listener(undefined)
    return answer
  }
  return answer.then(
    (value: unknown) => {
      listener(isBatch() ? failureIn(value) : undefined)
      return value
    },
    (error: unknown) => {
      listener(error ?? new Error('rejected without a reason'))
      throw error
    },
  )
}

/** The error in the answer to several commands. A transaction that was not carried out has no answer. */
export function failureIn(answer: unknown): unknown {
  if (answer === null) return new WatchError()
  return Array.isArray(answer) ? answer.find((each) => each instanceof Error) : undefined
}

/** A transaction that the server did not carry out, because a watched key has changed. */
export class WatchError extends Error {
  override readonly name = 'WatchError'
}
