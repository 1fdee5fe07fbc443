import type { IncomingMessage, ServerResponse } from 'node:http'
import { EXPRESS_ERROR } from '@callchain/core/internal'

/** Every error that reached `next(error)`, as router 2.3 and later keeps them. */
const ROUTED_ERRORS = Symbol.for('router.tracing.publishedErrors')

interface FailedRequest {
  [EXPRESS_ERROR]?: { readonly error: unknown }
  readonly [ROUTED_ERRORS]?: ReadonlySet<unknown>
}

/** An error handler of Express, without needing its types. */
export type ErrorMiddleware = (
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Makes the error handler that tells the span of a request which error made it fail, and passes the
 * error on: `app.use(tracingErrors())`, after the routes and before the other error handlers. Needed
 * with Express 4, and with Express 5 as long as it runs on `router` before 2.3; harmless elsewhere.
 *
 * @example
 * ```js
 * app.use(tracing())
 * app.get('/orders/:id', showOrder)
 * app.use(tracingErrors())
 * app.use((error, req, res, next) => res.status(500).send('Sorry'))
 * ```
 */
export function tracingErrors(): ErrorMiddleware {
  return function callchainErrors(error, req, _res, next): void {
    ;(req as FailedRequest)[EXPRESS_ERROR] = { error }
    next(error)
  }
}

/** The last error of a request, whether it was answered or not; `undefined` when none is known. */
export function errorOf(req: IncomingMessage): unknown {
  const { [EXPRESS_ERROR]: failed, [ROUTED_ERRORS]: errors } = req as FailedRequest
  if (errors === undefined) return failed?.error
  let last: unknown
  for (const error of errors) last = error
  return last
}
