import { isIPv6 } from 'node:net'

/** A host with the port it was named with. */
export interface Authority {
  /** The name or address as it was written, IPv6 without its brackets: `a.example`, `::1`. */
  readonly host: string
  /** The port, if one was written. */
  readonly port: number | undefined
}

/** The longest DNS name, with its final dot. */
const LONGEST_NAME = 254

/**
 * Splits a host as it stands in `Host`, `:authority` or `X-Forwarded-Host` (RFC 3986, section 3.2,
 * without user information). Of a list, the first counts. Returns `undefined` for what is missing
 * or illegal, so that nothing a caller makes up is recorded as a host; never throws.
 */
export function parseAuthority(text: string | undefined): Authority | undefined {
  if (text === undefined) return undefined
  const comma = text.indexOf(',')
  const first = (comma < 0 ? text : text.slice(0, comma)).trim()
  return first.charCodeAt(0) === 91 ? parseBracketed(first) : parseNamed(first)
}

function parseBracketed(text: string): Authority | undefined {
  const end = text.indexOf(']')
  const host = text.slice(1, end)
  if (end < 0 || !isIPv6(host)) return undefined
  return withPort(host, text, end + 1)
}

function parseNamed(text: string): Authority | undefined {
  const colon = text.indexOf(':')
  const end = colon < 0 ? text.length : colon
  if (end === 0 || end > LONGEST_NAME) return undefined
  for (let at = 0; at < end; at += 1) {
    if (!isNameCharacter(text.charCodeAt(at))) return undefined
  }
  return withPort(text.slice(0, end), text, end)
}

/** Reads `:8080` at `start`, where the text may end as well. An empty port is legal and says nothing. */
function withPort(host: string, text: string, start: number): Authority | undefined {
  if (start === text.length) return { host, port: undefined }
  if (text[start] !== ':' || text.length - start > 6) return undefined
  let port: number | undefined
  for (let at = start + 1; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return undefined
    port = (port ?? 0) * 10 + digit
  }
  return port !== undefined && port > 65535 ? undefined : { host, port }
}

/** Letters, digits and the marks that RFC 3986 allows in a registered name, but the comma. */
function isNameCharacter(code: number): boolean {
  if (code >= 97 && code <= 122) return true
  if (code >= 48 && code <= 57) return true
  if (code >= 65 && code <= 90) return true
  return code < 127 && "-._~%!$&'()*+;=".includes(String.fromCharCode(code))
}
