/** Calls `end` once a promise is settled, and passes on what it came to. Anything else ends at once. */
export function endWith<T>(result: T, end: (error?: unknown) => void): T {
  if (!isThenable(result)) {
    end()
    return result
  }
  const settled = result.then(
    (value: unknown) => {
      end()
      return value
    },
    (error: unknown) => {
      end(error ?? new Error('rejected with nothing'))
      throw error
    },
  )
  return settled as T
}

/** Whether a driver has given back a promise, of whatever make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
