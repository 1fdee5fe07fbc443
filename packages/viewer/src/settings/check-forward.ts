import { inspect } from 'node:util'

/** A backend that what comes in is sent to, too. */
export interface ForwardTarget {
  /** The address without `/v1/traces`, which is added. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/

/**
 * A backend as it is given, with headers by name or without.
 *
 * @throws TypeError that names the option, the value and what is allowed
 */
export function checkForward(given: unknown, name: string): ForwardTarget {
  const { url, headers = {} } = Object(given)
  if (typeof url !== 'string' || !isAddress(url))
    throw new TypeError(
      `${name} must be the http or https address of a backend, without a query, not ${inspect(url)}.`,
    )
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers))
    throw new TypeError(`The headers of ${name} must be an object of texts by name.`)
  const entries: [string, unknown][] = Object.entries(headers)
  for (const [key, value] of entries)
    if (!HEADER_NAME.test(key) || typeof value !== 'string' || /[^\t\x20-\x7e]/.test(value))
      throw new TypeError(`The header ${inspect(key)} of ${name} is not one that can be sent.`)
  return { url, headers: Object.fromEntries(entries.map(([key, value]) => [key, String(value)])) }
}

/** Headers as `OTEL_EXPORTER_OTLP_HEADERS` has them: `key=value,key=value`, the values percent-encoded. */
export function readHeaders(text: string, name: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const at = part.indexOf('=')
    if (at < 1) throw new TypeError(`${name} must be key=value,key=value.`)
    headers[part.slice(0, at).trim()] = decoded(part.slice(at + 1).trim())
  }
  return headers
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function isAddress(text: string): boolean {
  try {
    const { protocol, search, hash } = new URL(text)
    return /^https?:$/.test(protocol) && search === '' && hash === ''
  } catch {
    return false
  }
}
