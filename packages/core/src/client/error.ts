import { errorType } from '../errors/database-error.ts'
import { type QueryRedactor, REDACTED } from '../http/url-redaction.ts'

const MAX_DEPTH = 4

/**
 * The value of `error.type` for a call that failed: the code of what went wrong on the wire
 * (`ECONNREFUSED`), or the name of an error without one (`TimeoutError`). Never throws.
 */
export function clientErrorType(error: unknown): string {
  const cause = rootCause(error)
  const code = property(cause, 'code')
  return typeof code === 'string' && code !== '' ? code : errorType(cause)
}

/**
 * What a client's own error is about: `fetch failed` says less than the refused connection that caused it,
 * and so do the several addresses of a host that were all tried. Never throws.
 */
export function rootCause(error: unknown): unknown {
  let cause = error
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const inner = causeOf(cause)
    if (typeof inner !== 'object' || inner === null) return cause
    cause = inner
  }
  return cause
}

/**
 * What went wrong, for the span: a client may quote the whole URL in its message, and a span shows
 * neither credentials nor secret parameters. Never throws.
 */
export function shownError(error: unknown, redactQuery: QueryRedactor): unknown {
  const cause = rootCause(error)
  const message = property(cause, 'message')
  if (typeof message !== 'string' || !message.includes('://')) return cause
  const redact = (text: unknown): string =>
    String(text)
      .replace(/:\/\/[^/\s@]*@/g, `://${REDACTED}:${REDACTED}@`)
      .replace(/(?<=\?)[^\s#]+/g, redactQuery)
  const shown = new Error(redact(message))
  const [name, code, stack] = ['name', 'code', 'stack'].map((key) => property(cause, key))
  return Object.assign(shown, { name, stack: redact(stack) }, code !== undefined && { code })
}

function causeOf(error: unknown): unknown {
  const name = property(error, 'name')
  if (name === 'AggregateError') {
    const errors = property(error, 'errors')
    return Array.isArray(errors) ? errors[0] : undefined
  }
  // A refusal of fetch, or a signal that has run out of time.
  return name === 'TypeError' || name === 'AbortError' ? property(error, 'cause') : undefined
}

function property(of: unknown, name: string): unknown {
  try {
    return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
  } catch {
    return undefined
  }
}
