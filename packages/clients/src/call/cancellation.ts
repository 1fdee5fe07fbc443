/** Whether an error says that the application itself has called a request off. */
export function isAbort(error: unknown): boolean {
  const { name, code, cause } = parts(error)
  const aborted = name === 'AbortError' || code === 'ERR_CANCELED' || code === 'ABORT_ERR'
  return aborted && !isTimeout(cause) && !isOfUndici(error) && !isOfUndici(cause)
}

/** Whether this, as a reason to abort, says no more than that. */
export function isPlainAbort(reason: unknown): boolean {
  return reason === undefined || reason === null || parts(reason).name === 'AbortError'
}

/** Whether the reason of a signal is that time has run out, which is an error. */
export function isTimeout(reason: unknown): boolean {
  const { name, code } = parts(reason)
  if (typeof name === 'string' && name.endsWith('TimeoutError')) return true
  return typeof code === 'string' && /TIMED_?OUT$|TIMEOUT$/.test(code)
}

/** Whether undici has put an answer aside to ask again: its status says why. */
export function isRetried(error: unknown): boolean {
  return parts(error).code === 'UND_ERR_REQ_RETRY'
}

/** The error of a client that says it has run out of time only once the request is over. */
export function timeoutError(): Error {
  return new DOMException('The client has given up waiting', 'TimeoutError')
}

// Raised for reasons of undici's own as well: a proxy that refuses, an answer that is too large.
function isOfUndici(error: unknown): boolean {
  const { code } = parts(error)
  return typeof code === 'string' && code.startsWith('UND_ERR_')
}

function parts(error: unknown): { name?: unknown; code?: unknown; cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : {}
}
