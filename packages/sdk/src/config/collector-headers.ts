import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Environment } from './environment.ts'

/** Headers by name, in lower case. */
export type Headers = Readonly<Record<string, string>>

// They say how a request is framed, which the transport decides: they are ignored.
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Why a header cannot be sent, without its value, which may be a secret; undefined when it can. */
export function headerFault(name: string, value: string): string | undefined {
  try {
    validateHeaderName(name)
  } catch {
    return 'not a valid HTTP header name'
  }
  try {
    validateHeaderValue(name, value)
  } catch {
    return 'set to a value with characters that HTTP does not allow'
  }
  return undefined
}

/** The headers of a variable; one that cannot be sent gets a warning, and is left out. */
export function readHeaders(variable: string, environment: Environment): Headers {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment.pairs(variable, true))) {
    const fault = headerFault(name, value)
    if (fault === undefined) headers[name] = value
    else
      environment.tell(`${variable}: the header ${JSON.stringify(name)} is ${fault}; ignoring it`)
  }
  return toHeaders(headers)
}

/** The headers that can be set, by name in lower case, so that one of another case takes its place. */
export function toHeaders(headers: Headers = {}): Headers {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(named.filter(([name]) => !FRAMING.has(name)))
}
