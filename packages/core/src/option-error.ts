import { inspect } from 'node:util'

/** The error for an option that start-up cannot accept: it names the option, the value and what is allowed. */
export function optionError(option: string, value: unknown, allowed: string): TypeError {
  const shown = inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY })
  return new TypeError(`callchain: ${option} cannot be ${shown}; allowed: ${allowed}`)
}
