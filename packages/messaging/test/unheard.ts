/** A promise whose rejection nobody hears of: Jest would take it for a failure of the test. */
export function unheard(promise: Promise<unknown>): PromiseLike<unknown> {
  promise.catch(() => {})
  return {
    // biome-ignore lint/suspicious/noThenProperty: it stands in for a promise
    then: (done, fail) =>
      promise.then(done, (error: unknown) => {
        try {
          return fail?.(error)
        } catch {
          return undefined
        }
      }) as never,
  }
}
