import type { Context } from '@opentelemetry/api'
import { guard } from '../otel/guard.ts'
import { REQUEST_CONTEXT } from '../otel/shared-keys.ts'

/**
 * The context of the request that an object belongs to, where its framework can tell: for loggers,
 * whose lines may be about a request whose context is not active yet.
 */
export function requestContextOf(object: unknown): Context | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  const knowing = object as { [REQUEST_CONTEXT]?(): Context | undefined }
  if (typeof knowing[REQUEST_CONTEXT] !== 'function') return undefined
  return guard('a known context', () => knowing[REQUEST_CONTEXT]?.())
}
