/**
 * Milliseconds that a `Retry-After` header asks for (RFC 9110, section 10.2.3): whole seconds or a
 * date. Undefined when it is neither.
 */
export function parseRetryAfter(value: string | undefined): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // Date.parse() takes "-5" for a year.
  const millis = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) - Date.now() : Number.NaN
  return Number.isFinite(millis) ? Math.max(0, millis) : undefined
}
