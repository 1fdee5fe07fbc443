/** Whether an error says that the application itself has called a request off. */
export function isAbort(error: unknown): boolean {
  const { name, code, cause } = parts(error)
  const aborted = name === 'AbortError' || code === 'ERR_CANCELED' || code === 'ABORT_ERR'
  return aborted && !isTimeout(cause) && !isUndiciError(error) && !isUndiciError(cause)
}

/** Whether a reason to abort says no more than that it was aborted. */
export function isPlainAbort(reason: unknown): boolean {
  return reason === undefined || reason === null || parts(reason).name === 'AbortError'
}

/** Whether a signal was aborted because time ran out, which is an error. */
export function isTimeout(reason: unknown): boolean {
  const { name, code } = parts(reason)
  if (typeof name === 'string' && name.endsWith('TimeoutError')) return true
  return typeof code === 'string' && /TIMED_?OUT$|TIMEOUT$/.test(code)
}

/** Whether undici has dropped a response to retry the request: its status says why. */
export function isRetried(error: unknown): boolean {
  return parts(error).code === 'UND_ERR_REQ_RETRY'
}

/** The error of a client that reports a timeout only once the request is over. */
export function timeoutError(): Error {
  return new DOMException('The client timed out waiting for the response', 'TimeoutError')
}

// Undici aborts for its own reasons as well: a proxy that refuses, a response that is too large.
function isUndiciError(error: unknown): boolean {
  const { code } = parts(error)
  return typeof code === 'string' && code.startsWith('UND_ERR_')
}

function parts(error: unknown): { name?: unknown; code?: unknown; cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : {}
}
