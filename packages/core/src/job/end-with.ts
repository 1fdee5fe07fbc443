import type { Span } from '@opentelemetry/api'
import type { Scope } from '../context/scope.ts'
import { errorType, isHiddenError } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import { guard } from '../otel/guard.ts'

/**
 * Runs `run`, and ends the span with what it returns: at once, or when its promise settles. What it
 * returns, throws and rejects with is passed on; nobody's rejection is taken for handled.
 */
export function endWith<T>(
  run: () => T,
  span: Span | undefined,
  scope: Scope,
  flush?: () => Promise<void>,
): T {
  const end = (isFailed: boolean, error?: unknown): void => {
    guard('ending a span', () => {
      if (isFailed && span !== undefined) {
        markFailed(span, errorType(error), error, isHiddenError(error, scope.served))
      }
      span?.end()
    })
  }
  let result: T
  try {
    result = run()
  } catch (error) {
    end(true, error)
    void flush?.()
    throw error
  }
  if (!isThenable(result)) {
    end(false)
    void flush?.()
    return result
  }
  return result.then(
    (value) => {
      end(false)
      return flush === undefined ? value : flush().then(() => value)
    },
    (error: unknown) => {
      end(true, error)
      if (flush === undefined) throw error
      return flush().then(() => {
        throw error
      })
    },
  ) as T
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
