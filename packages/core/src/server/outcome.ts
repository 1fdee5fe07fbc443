import { errorType } from '../errors/database-error.ts'
import type { HttpServerResponse } from '../http/server-exchange.ts'

/** The value of `error.type` for a response that broke off because the client left. */
export const CLIENT_ABORT = 'client_abort'

/** How a request ended. */
export interface ServerOutcome {
  /** `error.type`; `undefined` when the request is not an error. */
  readonly failure: string | undefined
  /** What to record as the exception, if the request is an error and something was thrown. */
  readonly exception: unknown
}

const NO_FAILURE: ServerOutcome = { failure: undefined, exception: undefined }

// What Node and body parsers raise because the connection is gone: an effect of it, not its cause.
const DISCONNECTED = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ABORT_ERR',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
])

/**
 * Decides what a request was from what was really sent (HTTP conventions, "Status"): 5xx and broken
 * responses are errors; 4xx and errors that the application turned into an answer are not. `noted` is
 * what the application says the error was.
 */
export function serverOutcome(
  response: HttpServerResponse,
  clientAbortIsError: boolean,
  noted?: unknown,
): ServerOutcome {
  const { statusCode, complete } = response
  if (complete && (statusCode === undefined || statusCode < 500)) return NO_FAILURE
  const error = noted ?? response.error
  const isThrown = error !== undefined && error !== null
  if (!complete && (!isThrown || isDisconnect(error))) {
    return clientAbortIsError ? { failure: CLIENT_ABORT, exception: undefined } : NO_FAILURE
  }
  if (isThrown) return { failure: errorType(error), exception: error }
  return { failure: String(statusCode), exception: undefined }
}

function isDisconnect(error: unknown): boolean {
  try {
    const { code } = error as { code?: unknown }
    return typeof code === 'string' && DISCONNECTED.has(code)
  } catch {
    return false
  }
}
