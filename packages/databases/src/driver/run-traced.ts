/** Runs what sends a statement. When it throws, ends the span with the error, and throws it. */
export function runTraced<T>(run: () => T, end: (error: unknown) => void): T {
  try {
    return run()
  } catch (error) {
    end(error ?? new Error('threw without a reason'))
    throw error
  }
}
