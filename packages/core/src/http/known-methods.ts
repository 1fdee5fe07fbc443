import { diag } from '@opentelemetry/api'

// RFC 9110 section 9, PATCH of RFC 5789 and QUERY, as the HTTP conventions list them.
const DEFAULT_METHODS = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]

/** The value of `http.request.method` for a method that is not known. */
export const OTHER_METHOD = '_OTHER'

/**
 * The methods that may stand in span names and metrics: the conventions' list, or in its place the
 * comma-separated one of `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`, which is case-sensitive.
 */
export function readKnownMethods(
  value: string | undefined = process.env.OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS,
): ReadonlySet<string> {
  const methods = (value ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  if (methods.length === 0) {
    if (value !== undefined && value.trim() !== '') {
      diag.warn(
        `callchain: OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS is '${value}'; allowed: a comma-separated list of methods. Using the default list.`,
      )
    }
    return new Set(DEFAULT_METHODS)
  }
  return new Set(methods)
}
