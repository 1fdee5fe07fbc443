import type { Attributes, Exception } from '@opentelemetry/api'

/**
 * What an event says of an exception (Semantic conventions, "Recording exceptions"); undefined where
 * it has neither a type nor a message.
 */
export function describeException(exception: Exception): Attributes | undefined {
  const attributes: Attributes = {}
  if (typeof exception === 'string') attributes['exception.message'] = exception
  else if (exception) {
    if (exception.code) attributes['exception.type'] = String(exception.code)
    else if (exception.name) attributes['exception.type'] = exception.name
    if (exception.message) attributes['exception.message'] = exception.message
    if (exception.stack) attributes['exception.stacktrace'] = exception.stack
  }
  const isKept = attributes['exception.type'] || attributes['exception.message']
  return isKept ? attributes : undefined
}
