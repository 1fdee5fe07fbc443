/** Whether an error says that the application itself has called a request off. */
export function isAbort(error: unknown): boolean {
  const { name, code, cause } = parts(error)
  const aborted = name === 'AbortError' || code === 'ERR_CANCELED' || code === 'ABORT_ERR'
  return aborted && !isTimeout(cause)
}

/** Whether the reason of a signal is that time has run out, which is an error. */
export function isTimeout(reason: unknown): boolean {
  return parts(reason).name === 'TimeoutError'
}

/** The error of a client that says it has run out of time only once the request is over. */
export function timeoutError(): Error {
  return new DOMException('The client has given up waiting', 'TimeoutError')
}

function parts(error: unknown): { name?: unknown; code?: unknown; cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : {}
}
