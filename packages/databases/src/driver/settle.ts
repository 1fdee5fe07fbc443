/** Calls `listener` once a promise is settled, at once for anything else, and passes the result on. */
export function onSettled<T>(result: T, listener: (error?: unknown) => void): T {
  if (!isThenable(result)) {
    listener()
    return result
  }
  const settled = result.then(
    (value: unknown) => {
      listener()
      return value
    },
    (error: unknown) => {
      listener(error ?? new Error('rejected without a reason'))
      throw error
    },
  )
  return settled as T
}

/** Whether a value is a promise of any implementation. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
