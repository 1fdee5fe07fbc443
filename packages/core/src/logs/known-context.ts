import type { Context } from '@opentelemetry/api'
import { safely } from '../otel/guard.ts'

/** Under this key an object of a framework's, such as its request, has a method that knows its context. */
export const KNOWN_CONTEXT: unique symbol = Symbol.for('callchain.known-context')

/**
 * The context of the request that an object belongs to, where its framework can tell: for loggers,
 * whose lines may be about a request whose context is not active yet.
 */
export function knownContext(object: unknown): Context | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  const knowing = object as { [KNOWN_CONTEXT]?(): Context | undefined }
  if (typeof knowing[KNOWN_CONTEXT] !== 'function') return undefined
  return safely('a known context', () => knowing[KNOWN_CONTEXT]?.())
}
