import { inspect } from 'node:util'

/**
 * Checks bounds by their names; one that is not given is undefined.
 *
 * @throws TypeError with one sentence that names the option, the value and what is allowed
 */
export function checkBounds(bounds: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(bounds))
    if (value !== undefined && !(Number.isInteger(value) && value > 0))
      throw new TypeError(`${name} must be a whole number above 0, not ${inspect(value)}.`)
}
