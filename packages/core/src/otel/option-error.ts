import { inspect } from 'node:util'

/**
 * The error for an option that start-up cannot accept: it names the option, the value and what is
 * allowed. A value that may be a secret is not repeated.
 */
export function optionError(
  option: string,
  value: unknown,
  allowed: string,
  isSecret = false,
): TypeError {
  const shown = isSecret
    ? 'the given value (hidden: it may contain a secret)'
    : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY })
  return new TypeError(`callchain: ${option} cannot be ${shown}; allowed: ${allowed}`)
}
