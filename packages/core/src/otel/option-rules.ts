import { types } from 'node:util'
import { isNamed, type OptionRule, type OptionRules } from './check-options.ts'

/** One of these words, or what another rule allows. */
export function oneOf(words: readonly unknown[], other?: OptionRule): OptionRule {
  const quoted = words.map((word) => (typeof word === 'string' ? `'${word}'` : String(word)))
  return {
    allowed: quoted.join(', ') + (other === undefined ? '' : ` or ${other.allowed}`),
    holds: (value) => words.includes(value) || other?.holds(value) === true,
  }
}

/** A list of what another rule allows. */
export function listOf(item: OptionRule, what: string): OptionRule {
  return {
    allowed: `an array of ${what}`,
    holds: (value) => Array.isArray(value) && value.every((each) => item.holds(each)),
  }
}

/** An object with these methods, whichever class it is of. */
export function having(what: string, ...methods: string[]): OptionRule {
  return {
    allowed: `${what} (with ${methods.join(', ')})`,
    holds: (value) =>
      ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
      methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
  }
}

/** An object of options with rules of its own. */
export function inside<Options extends object>(rules: OptionRules<Options>): OptionRule {
  return {
    allowed: 'an object',
    holds: isNamed,
    inside: rules as Readonly<Record<string, OptionRule>>,
  }
}

/** A name that is not empty. */
export const NAME: OptionRule = {
  allowed: 'a non-empty name',
  holds: (value) => typeof value === 'string' && value !== '',
}

/** A list of names that are not empty. */
export const NAMES: OptionRule = listOf(NAME, 'names')

/** True or false. */
export const FLAG: OptionRule = oneOf([true, false])

/** A function whose answer nobody waits for. */
export const FUNCTION: OptionRule = {
  allowed: 'a function',
  holds: (value) => typeof value === 'function',
}

/** A function whose answer is needed at once: one that is `async` can only give a promise. */
export const SYNC_FUNCTION: OptionRule = {
  allowed: 'a synchronous function',
  holds: (value) => typeof value === 'function' && !types.isAsyncFunction(value),
}

/** A propagator of OpenTelemetry's API. */
export const PROPAGATOR: OptionRule = having('a propagator', 'inject', 'extract', 'fields')

/** A tracer provider of OpenTelemetry's API. */
export const TRACER_PROVIDER: OptionRule = having('a tracer provider', 'getTracer')
