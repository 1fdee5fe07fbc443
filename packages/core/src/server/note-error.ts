import { inRequest } from '../context/in-request.ts'
import { scopeOf } from '../context/scope.ts'

/**
 * Tells the span of the current request what made it fail, where a framework answers errors itself and
 * says no more of them: Nest, tRPC, GraphQL Yoga, hapi. It is recorded, once and with its type, only
 * if the answer is a 5xx or breaks off; an error that becomes a 4xx stays what it was meant to be. It
 * beats what the framework says, the last one counts, and `undefined` takes it back. `request` names
 * another request than the current one, as `inRequest` takes it. Returns false outside a request.
 *
 * @example
 * ```ts
 * createHTTPHandler({ router, onError: ({ error, req }) => noteError(error.cause ?? error, req) })
 * ```
 */
export function noteError(error: unknown, request?: object): boolean {
  return request === undefined ? note(error) : inRequest(request, () => note(error))
}

function note(error: unknown): boolean {
  const scope = scopeOf()
  const served = (scope?.root ?? scope)?.served
  if (served === undefined || served.kind === 'message') return false
  served.error = error
  return true
}
