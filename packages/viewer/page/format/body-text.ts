import type { Value } from '../../src/contract/value.ts'

/** A log line's body, or an attribute's value, in one line of text. */
export function bodyText(body: Value): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}
