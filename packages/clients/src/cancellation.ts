/**
 * Whether an attempt was called off by the application, which is no error; running out of time is one.
 * The application may have given any reason, and a client may pass it on as its own kind of error.
 */
export function isCalledOff(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted === true) return !isTimeout(signal.reason)
  const { name, code, cause } = parts(error)
  const aborted = name === 'AbortError' || code === 'ERR_CANCELED' || code === 'ABORT_ERR'
  return aborted && !isTimeout(cause)
}

function isTimeout(reason: unknown): boolean {
  return parts(reason).name === 'TimeoutError'
}

function parts(error: unknown): { name?: unknown; code?: unknown; cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : {}
}
